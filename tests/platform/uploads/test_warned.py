"""Warnings that somebody said are right: each by itself, and in few queries through a chain."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.platform.uploads.selectors import carry_chains
from apps.platform.uploads.services import acknowledged_in, rows_as_confirmed
from apps.platform.uploads.services.carrying import origin_of
from apps.reference.market.models import MeteredDemand
from tests.conftest import DAY
from tests.platform.uploads.test_plausibility import confirm, shown

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0105", "BRQ-1225")]
FUEL = "FUEL_INDEX,PRICE_DATE,USD_MMBTU\n"
DEMAND = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
AREA = "SYN_LSE_BAY,PGE-TAC,2031-10-01,{},{}\n"


def likely(version):
    return [f for _, f in acknowledged_in([version]) if f.check == "Plausibility"]


def test_two_warnings_of_one_code_and_reason_stand_apart(send, load, person, now):
    """given two unlikely prices; when both have one reason; then each stands with its own words"""
    load("fuel-prices", FUEL + "A_GAS,2031-05-01,2.9\nB_GAS,2031-05-01,2.8\n")
    upload = send("fuel-prices", FUEL + "A_GAS,2031-05-02,2900\nB_GAS,2031-05-02,2800\n")
    assert len({v.code for v in shown(upload)}) < len(shown(upload))
    reasons = {v.pk: "a cold day" for v in shown(upload)}
    _, (version,) = confirm(upload, person("iso.approver"), now, acknowledged=reasons)
    told = likely(version)
    assert len(told) == len(reasons)
    assert len({f.sentence for f in told}) == len(reasons)
    assert {f.count for f in told} == {1}
    assert {(f.file, f.person, f.reason) for f in told} == {
        ("file.csv", "iso.approver", "a cold day")
    }
    assert {f.at for f in told} == {a.acknowledged_at for a in version.acknowledgements.all()}


def test_two_columns_of_one_code_stand_apart_on_the_page(send, load, person, now, as_user):
    """given a day; when two columns become blank; then the page of data quality names both"""
    head = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,DA_LMP,RUC_MW\n"
    row = f"SUNSET_2_UNITS,{DAY},7,100,{{}},{{}}\n"
    load("market-hours", head + row.format("30.5", "20"), sender="iso.admin")
    upload = send("market-hours", head + row.format("", ""), sender="iso.admin")
    reasons = {v.pk: "not known yet" for v in shown(upload)}
    confirm(upload, person("iso.approver"), now, acknowledged=reasons)
    address = f"/trade-dates/{DAY}/data-quality/"
    page = as_user("iso.analyst").get(address).content.decode()
    table = page.split("Warnings of these files")[1]
    for column in ("DA_LMP", "RUC_MW"):
        assert f"{DAY}, {column}: 1 row had a value in version" in table
    assert table.count("PL-BLANK") == 2
    assert "file.csv" in table
    told = as_user("iso.analyst").get(f"/api/v1{address}").json()["acknowledged"]
    blank = [w for w in told if w["code"] == "PL-BLANK"]
    assert [(w["file"], w["count"], w["reason"]) for w in blank] == [
        ("file.csv", 1, "not known yet")
    ] * 2


def test_many_warnings_of_one_code_end_in_one_line(load, send, person, now):
    indexes = [f"INDEX_{n}" for n in range(30)]
    load("fuel-prices", FUEL + "".join(f"{i},2031-05-01,2.9\n" for i in indexes))
    upload = send("fuel-prices", FUEL + "".join(f"{i},2031-05-02,2900\n" for i in indexes))
    assert len(shown(upload)) == 30
    reasons = {v.pk: "a cold day" for v in shown(upload)}
    _, (version,) = confirm(upload, person("iso.approver"), now, acknowledged=reasons)
    told = likely(version)
    assert len(told) == 21
    assert (told[-1].sentence, told[-1].count) == (
        "10 more warnings of this code; the page of the file has them.",
        10,
    )


def queries(what, *given):
    """How many queries something takes."""
    with CaptureQueriesContext(connection) as caught:
        what(*given)
    return len(caught)


def test_a_chain_is_read_in_as_many_queries_as_a_link(load):
    """given a day carried through versions; when its warnings are read; then by few queries"""
    (version,) = load(
        "metered-demand", DEMAND + "".join(AREA.format(h, 1500) for h in range(1, 25))
    )
    counts = {}
    for link in range(2, 10):
        (version,) = load("metered-demand", DEMAND + AREA.format(link, 1500 + link))
        if link in (3, 9):
            counts[link] = queries(acknowledged_in, [version])
    assert counts[3] == counts[9] <= 4
    assert [v.version for v in carry_chains([version])[version.pk]] == list(range(9, 0, -1))
    oldest = MeteredDemand.objects.get(dataset_version=version, hour_ending=24)
    assert queries(origin_of, version, oldest.line_no) == 2
    source, line = origin_of(version, oldest.line_no)
    assert (source.version, line) == (1, 25)
    frame = rows_as_confirmed(version.dataset, version.period)
    assert sorted(frame["mwh"].unique().to_list())[0] > 0
    assert frame.height == 24

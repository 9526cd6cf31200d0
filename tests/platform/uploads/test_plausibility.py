"""Rows that are unlikely are asked about; a second person acknowledges each with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.platform.uploads import services
from apps.platform.uploads.models import Acknowledgement, DatasetVersion, Upload
from apps.platform.uploads.selectors import plausibility_shown
from apps.platform.uploads.services import acknowledged_in

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parent / "intake"
KWH = CASES / "d01_one_sc_in_kwh_2024-09-04.csv"
HEAD = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
HOURS = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,DA_MWH,DA_LMP\n"


def demand(mwh="1500", day="2024-10-01", sc="SYN_LSE_BAY", hours=range(1, 25)):
    return "".join(f"{sc},PGE-TAC,{day},{h},{mwh}\n" for h in hours)


def shown(upload):
    return list(plausibility_shown(upload=upload).order_by("code", "line"))


def codes(upload):
    return [v.code for v in shown(upload)]


def confirm(upload, who, now, **more):
    return services.confirm(upload_id=upload.pk, actor=who, at=now, **more)


def test_kwh_for_mwh_is_asked_about(send):
    """given a day of demand; when an SC sends kWh; then version, week or load on file tell"""
    upload = send("metered-demand", KWH.read_bytes())
    assert upload.state == "READY"
    assert codes(upload) == ["PL-BEFORE", "PL-LOAD"]
    before, load = (v.message for v in shown(upload))
    assert before.startswith("2024-09-04, MWH: SYN_LSE_BASIN, SCE-TAC: ")
    assert "is 1,000 times the" in before
    assert "of version 1" in before
    assert before.endswith("That is about a thousand times: is it in kWh instead of MWh?")
    assert load.startswith("2024-09-04, MWH: SCE-TAC: ")
    assert "the TAC area's load on file in the same hours" in load
    assert all(v.severity == "warning" for v in shown(upload))


def test_each_needs_a_reason_of_a_second_person(send, person, now):
    upload = send("metered-demand", KWH.read_bytes(), sender="iso.admin")
    one, other = shown(upload)
    with pytest.raises(services.ConfirmRefused, match="second person"):
        confirm(upload, person("iso.admin"), now, acknowledged={one.pk: "x", other.pk: "x"})
    approver = person("iso.approver")
    with pytest.raises(services.ConfirmRefused, match="Acknowledge with a reason of its own"):
        confirm(upload, approver, now, reason="all of it")
    with pytest.raises(services.ConfirmRefused, match=other.code):
        confirm(upload, approver, now, acknowledged={one.pk: "a new customer", other.pk: "  "})
    assert not Acknowledgement.objects.filter(violation__upload=upload).exists()
    done, (version,) = confirm(
        upload, approver, now, acknowledged={one.pk: "a new customer", other.pk: "load is late"}
    )
    assert done.state == "CONFIRMED"
    kept = Acknowledgement.objects.filter(dataset_version=version)
    assert {(a.violation.code, a.reason, a.acknowledged_by.username) for a in kept} == {
        ("PL-BEFORE", "a new customer", "iso.approver"),
        ("PL-LOAD", "load is late", "iso.approver"),
    }
    assert all(a.acknowledged_at is not None for a in kept)


FUEL = "FUEL_INDEX,PRICE_DATE,USD_MMBTU\n"


def confirmed_alike(upload, person, now, count):
    found = shown(upload)
    assert len({v.message for v in found}) == len(found) == count
    reasons = {v.pk: f"right, no. {v.pk}" for v in found}
    done, versions = confirm(upload, person("iso.approver"), now, acknowledged=reasons)
    assert done.state == "CONFIRMED"
    kept = Acknowledgement.objects.filter(dataset_version__in=versions)
    assert {a.violation_id: a.reason for a in kept} == reasons


def test_one_fuel_price_on_two_days_is_acknowledged_twice(send, load, person, now):
    load("fuel-prices", FUEL + "SOCAL_CITYGATE,2024-12-18,2.9\n")
    rows = "".join(f"SOCAL_CITYGATE,2024-12-{d},3100\n" for d in (19, 20))
    upload = send("fuel-prices", FUEL + rows)
    confirmed_alike(upload, person, now, 2)


def test_flat_energy_of_two_days_is_acknowledged_twice(send, person, now):
    row = "SUNSET_2_UNITS,2024-10-0{},7,248000,30\n"
    upload = send("market-hours", HOURS + row.format(5) + row.format(6), sender="iso.admin")
    confirmed_alike(upload, person, now, 2)


def test_one_capacity_in_several_months_is_acknowledged_for_each(send, person, now):
    head = "RESOURCE_ID,RA_YEAR,RA_MONTH,EFC_MW,FLEX_CATEGORY\n"
    rows = "".join(f"SYN_MESA_2_CC,2031,{m},30000,1\n" for m in (1, 2, 3))
    confirmed_alike(send("efc-list", head + rows), person, now, 3)


def test_a_kind_of_one_person_needs_two_for_what_is_unlikely(send, load, person, now):
    head = "INTERVALSTARTTIME_GMT,OPR_DT,OPR_HR,NODE,MARKET_RUN_ID,LMP_TYPE,MW\n"
    text = head + "2024-02-01T08:00:00-00:00,2024-02-01,1,TH_NP15_GEN-APND,DAM,LMP,{}\n"
    load("energy-prices", text.format("31.5"))
    assert not send("energy-prices", text.format("32.5")).second_person
    upload = send("energy-prices", text.format("31500"), sender="iso.operator")
    assert upload.second_person
    assert codes(upload) == ["PL-BEFORE", "PL-BOUND"]
    with pytest.raises(services.ConfirmRefused, match="second person"):
        confirm(upload, person("iso.operator"), now)


def test_the_database_refuses_one_person(send, person, now):
    upload = send("metered-demand", KWH.read_bytes())
    version = DatasetVersion.objects.filter(dataset="market.metered_demand").first()
    row = {
        "dataset_version": version,
        "violation": shown(upload)[0],
        "acknowledged_by": person("iso.operator"),
        "acknowledged_at": now,
        "sent_by": person("iso.operator"),
    }
    with pytest.raises(IntegrityError, match="a_second_person_acknowledges"), transaction.atomic():
        Acknowledgement.objects.create(**row, reason="x")
    row["acknowledged_by"] = person("iso.approver")
    with pytest.raises(IntegrityError, match="has_a_reason"), transaction.atomic():
        Acknowledgement.objects.create(**row, reason="")


def test_what_is_on_file_since_then_is_judged_anew(send, load, person, now):
    """A warning that comes up after the reading was shown to nobody, so nobody acknowledged it."""
    upload = send("metered-demand", HEAD + demand("1500", "2024-10-01"))
    assert codes(upload) == []
    load("metered-demand", HEAD + demand("1.5", "2024-09-24"))
    with pytest.raises(services.ConfirmRefused, match="has come up since"):
        confirm(upload, person("iso.approver"), now)


def test_the_same_day_last_week_is_a_witness(send, load):
    load("metered-demand", HEAD + demand("1500", "2024-09-24"))
    upload = send("metered-demand", HEAD + demand("1500000"))
    assert codes(upload) == ["PL-WEEK"]
    assert "of 2024-09-24, a week before" in shown(upload)[0].message
    assert codes(send("metered-demand", HEAD + demand("1700"))) == []
    assert codes(send("metered-demand", HEAD + demand("1.5"))) == ["PL-WEEK"]
    assert "a thousandth" in shown(Upload.objects.latest("pk"))[0].message


def test_one_hour_is_judged_within_its_day(send, load):
    """A file of one hour is compared as the day it makes, not as a day of one hour."""
    load("metered-demand", HEAD + demand("1500", "2024-09-24"))
    load("metered-demand", HEAD + demand("1500"))
    assert codes(send("metered-demand", HEAD + demand("1600", hours=[7]))) == []


def hourly(price=lambda h: "31.91", mwh=lambda h: "100", day="2024-10-05"):
    return HOURS + "".join(f"SUNSET_2_UNITS,{day},{h},{mwh(h)},{price(h)}\n" for h in range(1, 25))


@pytest.mark.parametrize("before", [True, False])
def test_one_price_with_a_misplaced_point_is_asked_about(send, load, before):
    """given a day of prices, on file or not; when one hour is 3191; then the row is named"""
    if before:
        load("market-hours", hourly(), sender="iso.admin")
    wrong = hourly(lambda h: "3191" if h == 9 else "31.91")
    (said,) = shown(send("market-hours", wrong, sender="iso.admin"))
    assert (said.code, said.line, said.column) == (
        "PL-BEFORE" if before else "PL-DAY",
        10,
        "DA_LMP",
    )
    assert "row 10 of SUNSET_2_UNITS: 3,191.00 $/MWh is 100 times the 31.91 $" in said.message


@pytest.mark.parametrize("before", [True, False])
def test_one_hour_of_demand_at_ninety_times_is_asked_about(send, load, before):
    if before:
        load("metered-demand", HEAD + demand("1500"))
    text = HEAD + demand("1500").replace(",7,1500\n", ",7,135000\n")
    (said,) = shown(send("metered-demand", text))
    assert (said.code, said.line, said.column) == ("PL-BEFORE" if before else "PL-DAY", 8, "MWH")
    assert "is 90 times the 1,500.0000 MWh" in said.message


def test_a_few_rows_are_named_and_the_rest_counted(send, load):
    load("metered-demand", HEAD + demand("1500"))
    text = HEAD + demand("1500")
    for hour in (2, 4, 6, 8, 10):
        text = text.replace(f",{hour},1500\n", f",{hour},10000\n")
    found = shown(send("metered-demand", text))
    assert [v.line for v in found] == [3, 5, 7, 9]
    assert "2 more rows are as far from the value of the same row in version 1" in found[-1].message


@pytest.mark.parametrize("day", ["2024-10-05", "2024-09-28"])
def test_a_turned_sign_is_asked_about(send, load, day):
    """given a day, or the same day a week before; when every sign is turned; then it is named"""
    load("market-hours", hourly(day=day), sender="iso.admin")
    upload = send("market-hours", hourly(mwh=lambda h: "-100"), sender="iso.admin")
    turned = [v for v in shown(upload) if "the sign is the other" in v.message]
    assert [(v.code, v.line, v.column) for v in turned] == [
        ("PL-BEFORE" if day == "2024-10-05" else "PL-WEEK", 2, "DA_MWH")
    ]


def test_a_first_file_of_zeros_is_held_against_last_week(send, load):
    """given prices of a day; when DA_LMP is left out a week later; then its zeros are told"""
    load("market-hours", hourly(day="2024-09-28"), sender="iso.admin")
    text = "".join(f"SUNSET_2_UNITS,2024-10-05,{h},100\n" for h in range(1, 25))
    upload = send("market-hours", HOURS.replace(",DA_LMP", "") + text, sender="iso.admin")
    assert [(v.code, v.column) for v in shown(upload)] == [("PL-WEEK", "DA_LMP")]
    assert "DA_LMP" in upload.violations.get(code="UP-LEFT-OUT").message


def test_who_stood_there_last_week_and_is_missing_is_named(send, load):
    week = "2024-09-24"
    load("metered-demand", HEAD + demand(day=week) + demand(day=week, sc="SYN_LSE_NORTH"))
    (said,) = shown(send("metered-demand", HEAD + demand()))
    assert said.code == "PL-WEEK"
    assert "No row is of SYN_LSE_NORTH" in said.message


def test_more_warnings_than_are_kept_are_refused(send, load, monkeypatch, person, now):
    """given more warnings than are kept; when read; then refused, and PL ones are kept first"""
    from apps.platform.uploads.services import confirming, staging

    week = "2024-09-24"
    load("metered-demand", HEAD + demand(day=week) + demand(day=week, sc="SYN_LSE_NORTH"))
    text = HEAD + demand(hours=[1, 2, 3]) + demand("9", sc="SYN_LSE_BASIN", hours=[5])
    upload = send("metered-demand", text)
    assert (upload.state, upload.warning_count) == ("READY", 3)
    monkeypatch.setattr(staging, "MOST_KEPT", 2)
    monkeypatch.setattr(confirming, "MOST_KEPT", 2)
    with pytest.raises(services.ConfirmRefused, match="split the file"):
        confirm(upload, person("iso.approver"), now, reason="x")
    refused = send("metered-demand", text)
    assert refused.state == "REFUSED"
    kept = list(refused.violations.order_by("pk").values_list("code", flat=True))
    assert kept == ["UP-MANY", "PL-WEEK"]


def test_a_corrected_row_that_is_like_the_others_asks_nothing(send, load):
    load("metered-demand", HEAD + demand("1500"))
    assert codes(send("metered-demand", HEAD + demand("1650"))) == []


def test_load_is_held_against_demand(send):
    head = "INTERVALSTARTTIME_GMT,TAC_AREA_NAME,MW\n"
    rows = "".join(
        f"2024-09-{4 + (h + 6) // 24:02}T{(h + 6) % 24:02}:00:00,MWD-TAC,208000\n"
        for h in range(1, 25)
    )
    assert codes(send("tac-load", head + rows)) == ["PL-BEFORE", "PL-LOAD"]


def test_energy_is_held_against_pmax(send):
    """SUNSET has a Pmax of 248 MW; a kWh figure is far beyond it."""
    row = "SUNSET_2_UNITS,2024-10-05,{},{},30\n"
    fine = send("market-hours", HOURS + row.format(7, 248), sender="iso.admin")
    assert codes(fine) == []
    upload = send("market-hours", HOURS + row.format(7, 248000), sender="iso.admin")
    (said,) = shown(upload)
    assert (said.code, said.line, said.column) == ("PL-PMAX", 2, "DA_MWH")
    assert "is 1,000 times its Pmax of 248.0000 MW" in said.message
    assert "is it in kWh instead of MWh?" in said.message


def test_an_interval_is_held_against_pmax_over_its_time(send):
    head = "RESOURCE_ID,TRADE_DATE,HOUR_ENDING,INTERVAL,METERED_MWH\n"
    row = "SUNSET_2_UNITS,2024-10-05,7,{},{}\n"
    text = head + "".join(row.format(i, "20") for i in range(1, 13))
    assert codes(send("market-intervals", text, sender="iso.admin")) == []
    text = head + "".join(row.format(i, "248") for i in range(1, 13))
    (said,) = shown(send("market-intervals", text, sender="iso.admin"))
    assert "12 times its Pmax" in said.message
    assert "(12 rows are beyond it)" in said.message


@pytest.mark.brq("BRQ-0105")
def test_capacity_in_kw_is_asked_about(send):
    head = "RESOURCE_ID,RA_YEAR,RA_MONTH,EFC_MW,FLEX_CATEGORY\n"
    (said,) = shown(send("efc-list", head + "SYN_MESA_2_CC,2031,1,30000,1\n"))
    assert said.code == "PL-PMAX"


def test_a_contract_price_a_thousand_times_off_is_asked_about(send):
    text = (Path("fixtures/demo") / "contract_terms.csv").read_text()
    assert codes(send("contract-terms", text, sender="iso.contracts")) == []
    assert ",306.7," in text
    upload = send("contract-terms", text.replace(",306.7,", ",306700,"), sender="iso.contracts")
    assert set(codes(upload)) >= {"PL-BEFORE", "PL-BOUND"}


@pytest.mark.brq("BRQ-0065")
def test_an_allowance_price_a_hundred_times_off_is_asked_about(send, load):
    head = "PRICE_DATE,USD_MTCO2E\n"
    load("allowance-prices", head + "2024-12-19,30.50\n")
    assert codes(send("allowance-prices", head + "2024-12-20,31.91\n", sender="iso.operator")) == []
    upload = send("allowance-prices", head + "2024-12-20,3191\n", sender="iso.operator")
    assert codes(upload) == ["PL-PRICE"]


@pytest.mark.brq("BRQ-0065")
def test_a_fuel_price_a_thousand_times_off_is_asked_about(send, load):
    head = "FUEL_INDEX,PRICE_DATE,USD_MMBTU\n"
    load("fuel-prices", head + "SOCAL_CITYGATE,2024-12-19,2.9\n")
    assert codes(send("fuel-prices", head + "SOCAL_CITYGATE,2024-12-20,3.1\n")) == []
    assert codes(send("fuel-prices", head + "SOCAL_CITYGATE,2024-12-20,3100\n")) == ["PL-PRICE"]


def test_what_the_demo_holds_is_likely(send):
    """No file of the demo or of what the guide lets people try is asked about without need."""
    assert not Acknowledgement.objects.exists()
    unlikely = Upload.objects.filter(violations__code__startswith="PL-")
    assert not unlikely.exists()


def told(*versions):
    return [
        (f.code, f.reason, f.person)
        for _, f in acknowledged_in(list(versions))
        if f.check == "Plausibility"
    ]


def test_who_acknowledged_what_is_told_by_version(send, person, now):
    upload = send("metered-demand", KWH.read_bytes())
    reasons = {v.pk: f"because {v.code}" for v in shown(upload)}
    _, (version,) = confirm(upload, person("iso.approver"), now, acknowledged=reasons)
    assert told(version) == [
        ("PL-BEFORE", "because PL-BEFORE", "iso.approver"),
        ("PL-LOAD", "because PL-LOAD", "iso.approver"),
    ]
    others = DatasetVersion.objects.exclude(pk=version.pk).filter(dataset=version.dataset)
    assert others
    assert told(*others) == []


def test_what_somebody_said_is_right_is_shown_again_before_publishing(
    send, settle, person, now, as_user
):
    upload = send("metered-demand", KWH.read_bytes())
    reasons = {v.pk: "the meter was read twice" for v in shown(upload)}
    confirm(upload, person("iso.approver"), now, acknowledged=reasons)
    run = settle(publish=False)
    for page in (reverse("run", args=[run.pk]), reverse("data-quality", args=["2024-09-04"])):
        text = as_user("iso.approver").get(page).content.decode()
        assert "the meter was read twice" in text, page
        assert "PL-LOAD" in text, page


def test_rows_that_are_carried_keep_their_acknowledgements(send, load, person, now):
    upload = send("metered-demand", KWH.read_bytes())
    reasons = {v.pk: "right" for v in shown(upload)}
    confirm(upload, person("iso.approver"), now, acknowledged=reasons)
    (version,) = load("metered-demand", HEAD + demand("9", "2024-09-04", hours=[7]))
    assert {"right"} <= {reason for _, reason, _ in told(version)}


def test_the_api_takes_a_reason_for_each(send, client, person):
    upload = send("metered-demand", KWH.read_bytes())
    client.force_login(person("iso.approver"))
    address = f"/api/v1/uploads/{upload.pk}/"
    told = client.get(address).json()["plausibility"]
    assert [t["code"] for t in told] == ["PL-BEFORE", "PL-LOAD"]
    refused = client.post(f"{address}confirm/", {"reason": "x"}, content_type="application/json")
    assert refused.status_code == 409
    body = {"acknowledged": {str(t["id"]): "metered twice" for t in told}}
    done = client.post(f"{address}confirm/", body, content_type="application/json")
    assert done.status_code == 200, done.content
    assert {t["reason"] for t in done.json()["plausibility"]} == {"metered twice"}
    assert {t["acknowledged_by"] for t in done.json()["plausibility"]} == {"iso.approver"}


def test_the_page_asks_for_a_reason_beside_each(send, client, person):
    upload = send("metered-demand", KWH.read_bytes())
    client.force_login(person("iso.approver"))
    page = client.get(f"/uploads/{upload.pk}/").content.decode()
    names = [f"acknowledge-{v.pk}" for v in shown(upload)]
    assert all(f'name="{name}"' in page for name in names)
    client.post(f"/uploads/{upload.pk}/confirm/", dict.fromkeys(names, "metered twice"))
    upload.refresh_from_db()
    assert upload.state == "CONFIRMED"
    page = client.get(f"/uploads/{upload.pk}/").content.decode()
    assert page.count("metered twice") == 2

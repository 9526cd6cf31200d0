"""Reasons on the command line, one for each warning, and rows that change nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command

from apps.platform.uploads.models import DatasetVersion, Upload

pytestmark = pytest.mark.django_db
HEAD = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
DAY = "2024-10-01"


def demand(sc, mwh="100", day=DAY):
    return "".join(f"{sc},PGE-TAC,{day},{h},{mwh}\n" for h in range(1, 25))


@pytest.fixture
def twice(load, tmp_path):
    """A file with two warnings of one code: two days a thousand times what was on file."""
    days = (DAY, "2024-10-02")
    load("metered-demand", HEAD + "".join(demand("SYN_LSE_BAY", day=d) for d in days))
    path = tmp_path / "demand.csv"
    path.write_text(HEAD + "".join(demand("SYN_LSE_BAY", "100000", d) for d in days))

    def go(*reasons):
        out = StringIO()
        words = ["--as", "iso.operator", "--confirm-as", "iso.approver", "--reason", "meter"]
        for text in reasons:
            words += ["--acknowledge", text]
        with suppress(SystemExit):
            call_command("upload", "metered-demand", str(path), *words, stdout=out)
        return json.loads(out.getvalue())

    return go


def test_several_warnings_of_one_code_have_a_reason_each(twice):
    """given two warnings of a code; when each is named by its row; then each keeps its own"""
    first = twice()
    asked = [v for v in first["violations"] if v["code"].startswith("PL-")]
    same = [v for v in asked if v["code"] == asked[0]["code"]]
    assert len(same) > 1, asked
    code = same[0]["code"]
    refused = twice(f"{code}=all of them")
    assert f"{code!r} names {len(same)} warnings" in refused["refusal"]
    assert f"{code}:{same[0]['line']}:" in refused["refusal"]
    reasons = [f"{v['code']}:{v['line']}:{v['column']}=reason {n}" for n, v in enumerate(asked)]
    done = twice(*reasons)
    assert (done["refusal"], done["state"]) == ("", "CONFIRMED")
    told = Upload.objects.get(pk=done["upload"]).violations.filter(code=code)
    assert len(set(told.values_list("acknowledgement__reason", flat=True))) == len(same)


def test_a_name_that_fits_nothing_is_refused_and_not_left_out(twice):
    assert "'PL-NONE' names no warning" in twice("PL-NONE=because")["refusal"]


def test_rows_that_stand_in_force_make_no_version_whatever_they_were_carried_from(load, send):
    """given a day corrected in part; when all of it is sent as it stands; then nothing changes"""
    load("metered-demand", HEAD + demand("SYN_LSE_BAY") + demand("SYN_LSE_NORTH"))
    load("metered-demand", HEAD + demand("SYN_LSE_NORTH", "101"))
    for text in (
        demand("SYN_LSE_NORTH", "101"),
        demand("SYN_LSE_BAY"),
        demand("SYN_LSE_BAY") + demand("SYN_LSE_NORTH", "101"),
    ):
        upload = send("metered-demand", HEAD + text)
        said = upload.violations.get(code="UP-SAME").message
        assert said == f"{DAY}: identical to version 2; confirming changes nothing."
        assert load("metered-demand", HEAD + text) == []
    whole = demand("SYN_LSE_BAY") + demand("SYN_LSE_NORTH", "101")
    assert load("metered-demand", HEAD + whole, options={"covers": "WHOLE"}) == []
    kept = DatasetVersion.objects.filter(dataset="market.metered_demand", period=DAY)
    assert kept.count() == 2

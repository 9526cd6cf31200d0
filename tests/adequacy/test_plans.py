"""Plans: accepted whole or refused whole; RMR is never shown; the RA column counts everything."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command

from apps.adequacy.plans.models import PlanFiling, PlanRow
from apps.adequacy.plans.selectors import capacity_on, conflicts, spare_capacity
from apps.platform.accounts.models import Party
from apps.platform.accounts.services import as_party
from apps.reference.resources.services import ensure_resources
from tests.adequacy.files import supply_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("capacity")]
BASIN = ("SYN_BASIN_7_CC", "100", "20", "9/1/2024", "9/30/2024")
DAY = date(2024, 9, 4)


def codes(filing):
    return [(f["code"], f["line"]) for f in filing.violations if f["severity"] == "error"]


@pytest.mark.brq("BRQ-0119")
def test_a_row_of_an_rmr_resource_refuses_the_file_for_either_vintage(file_plan):
    harbor = ("SYN_HARBOR_1_GT", "10", "0", "9/1/2024", "9/30/2024")
    refused = file_plan(supply_plan(BASIN, harbor))
    assert refused.state == "REFUSED"
    assert codes(refused) == [("RMR-E-0119", 3)]
    assert "from 2024-01-01 to 2024-12-31" in refused.violations[0]["message"]
    assert not PlanRow.objects.exists()
    legacy = file_plan(
        supply_plan(("BOGUE_1_UNITA1", "1", "0", "9/1/2024", "9/30/2024"), scid="SYN_GEN_LEGACY"),
        sc="SYN_GEN_LEGACY",
    )
    assert ("RMR-E-0119", 2) in codes(legacy)
    # an LSE cannot see the contract, and is refused all the same
    lse = file_plan(
        "Contract Identifier,Resource ID,System RA,Local RA,MCC Bucket,Continuous Availability "
        "(Y/N),Committed Flexible RA,Flexible Category,Start Date,End Date,SCID,Zonal Designation,"
        "Local Area\nC-1,SUNSET_2_UNITS,5,0,4,Y,,,9/1/2024,9/30/2024,SYN_GEN_SUNSET,NP26,\n",
        who="sc.bay",
        plan_type="RA_PLAN",
    )
    assert codes(lse) == [("RMR-E-0119", 2)]


RA_HEAD = (
    "Contract Identifier,Resource ID,System RA,Local RA,MCC Bucket,Continuous Availability "
    "(Y/N),Committed Flexible RA,Flexible Category,Start Date,End Date,SCID,Zonal Designation,"
    "Local Area\n"
)


@pytest.mark.brq("BRQ-0119")
@pytest.mark.parametrize(
    ("name", "on_file", "code"),
    [
        ("sunset_2_units", False, "PLAN-RES"),
        ("SUNSET_2_UNITS\u200b", False, "PLAN-RES"),
        ("sunset_2_units", True, "PLAN-RES"),  # made by a list before lists asked
        ("SUNSET-2-UNITS", True, "RMR-E-0119"),
    ],
)
def test_an_rmr_resource_in_another_spelling_is_no_way_into_a_plan(name, on_file, code, file_plan):
    if on_file:
        ensure_resources([name])
    row = f"C-1,{name},5,0,4,Y,,,9/1/2024,9/30/2024,SYN_GEN_SUNSET,NP26,\n"
    for who in ("sc.bay", "iso.operator"):
        sent = file_plan(RA_HEAD + row, who=who, plan_type="RA_PLAN")
        assert (sent.state, codes(sent)) == ("REFUSED", [(code, 2)])
    if code == "PLAN-RES":
        assert "Did you mean SUNSET_2_UNITS?" in sent.violations[0]["message"]
    assert not PlanRow.objects.exists()


@pytest.mark.brq("BRQ-0119")
def test_a_contract_that_ended_before_the_month_is_no_matter(file_plan):
    rows = ("SYN_HARBOR_1_GT", "10", "0", "1/1/2025", "1/31/2025")
    filed = file_plan(supply_plan(rows), period="2025-01")
    assert filed.state == "ACCEPTED", filed.violations


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((("SYN_BASIN_7_CC", "10", "0", "8/1/2024", "8/31/2024"),), "PLAN-PERIOD"),
        ((("SYN_BASIN_7_CC", "10", "0", "9/20/2024", "9/10/2024"),), "PLAN-PERIOD"),
        ((("SYN_NOBODY", "10", "0", "9/1/2024", "9/30/2024"),), "PLAN-RES"),
        ((("SYN_FOOTHILL_6_GT", "10", "0", "9/1/2024", "9/30/2024"),), "PLAN-RES"),
        ((("SYN_BASIN_7_CC", "0", "0", "9/1/2024", "9/30/2024"),), "PLAN-TOTAL"),
        ((("SYN_BASIN_7_CC", "141", "0", "9/1/2024", "9/30/2024"),), "PLAN-NQC"),
        (
            (
                ("SYN_BASIN_7_CC", "100", "0", "9/1/2024", "9/30/2024"),
                ("SYN_BASIN_7_CC", "41", "0", "9/10/2024", "9/12/2024"),
            ),
            "PLAN-NQC",
        ),
    ],
)
@pytest.mark.brq("BRQ-0119")
def test_wrong_rows_are_named(file_plan, rows, code):
    filed = file_plan(supply_plan(*rows))
    assert filed.state == "REFUSED"
    assert code in {c for c, _ in codes(filed)}
    assert not PlanRow.objects.exists()


@pytest.mark.brq("BRQ-0119")
def test_the_next_plan_supersedes_and_the_earlier_one_stays_readable(file_plan, as_user):
    first = file_plan(supply_plan(BASIN), at=datetime(2024, 7, 1, tzinfo=UTC))
    assert first.state == "ACCEPTED"
    second = file_plan(supply_plan(("SYN_BASIN_7_CC", "90", "20", "9/1/2024", "9/30/2024")))
    first.refresh_from_db()
    assert (first.state, second.version) == ("SUPERSEDED", 2)
    before = datetime(2024, 8, 1, tzinfo=UTC)
    held = {h.mw for h in capacity_on(DAY, before) if h.source == "RA"}
    assert held == {Decimal(120)}
    assert {h.mw for h in capacity_on(DAY) if h.source == "RA"} == {Decimal(110)}
    assert "superseded" in as_user("iso.admin").get(f"/plans/{first.pk}/").content.decode()
    assert any(f["code"] == "PLAN-W-LATE" for f in second.violations)


@pytest.mark.brq("BRQ-0221")
def test_rmr_stands_in_the_ra_column_and_each_sc_sees_its_own(file_plan, as_user):
    file_plan(supply_plan(BASIN))
    text = as_user("iso.operator").get("/ra-capacity/?day=2024-09-04").content.decode()
    assert "contract RMR-SUNSET" in text
    assert "supply plan 2024-09, row 2" in text
    api = as_user("sc.sunset").get("/api/v1/ra-capacity/?day=2024-09-04").json()
    assert [(r["resource"], r["ra_mw"]) for r in api["resources"]] == [("SUNSET_2_UNITS", "248")]
    assert spare_capacity([DAY], "GENERIC")[
        next(iter(PlanRow.objects.values_list("resource_id", flat=True)))
    ] == Decimal(20)
    with as_party(Party.objects.get(code="SYN_LSE_BAY").pk):
        assert not PlanFiling.objects.exists()
        assert not PlanRow.objects.exists()


@pytest.mark.brq("BRQ-0119")
def test_a_contract_that_comes_later_makes_a_conflict(file_plan, load, as_user, person):
    file_plan(supply_plan(BASIN))
    iso = person("iso.operator").viewer()
    assert not conflicts(viewer=iso).exists()
    load(
        "contract-terms",
        "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
        "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
        "RMR-LATE,SYN_BASIN_7_CC,2024-09-01,,2024-09-01,2024-12-31,LOCAL,LA_BASIN,150,SCE-TAC,"
        "GENERIC,150,SYNTHETIC\n",
        sender="iso.contracts",
    )
    assert conflicts(viewer=iso).count() == 1
    assert "RMR-W-0119" in as_user("iso.operator").get("/plan-conflicts/").content.decode()
    assert "SYN_BASIN_7_CC" in as_user("iso.operator").get("/plan-conflicts/").content.decode()


def test_a_flexible_plan_is_bounded_by_efc_and_its_category(file_plan):
    head = (
        "Validation Status,Supplier SCID,Resource ID,Category,Flex MW,"
        "Start Date,End Date,LSE SCID,Errors and Warnings\n"
    )
    line = ",SYN_GEN_SOUTH,SYN_BASIN_7_CC,{},{},9/1/2024,9/30/2024,SYN_LSE_BASIN,\n"
    above = file_plan(head + line.format(2, 101), part="FLEX")
    assert codes(above) == [("PLAN-EFC", 2)]
    higher = file_plan(head + line.format(1, 50), part="FLEX")
    assert codes(higher) == [("PLAN-CAT", 2)]
    assert file_plan(head + line.format(2, 50), part="FLEX").state == "ACCEPTED"


def test_an_sc_files_in_the_browser_and_by_the_api(as_user):
    client = as_user("sc.sunset")
    text = supply_plan(
        ("SYN_CEDAR_4_ST", "0", "50", "9/1/2024", "9/30/2024"), scid="SYN_GEN_SUNSET"
    )
    body = {
        "plan_type": "SUPPLY_PLAN",
        "part": "GENERIC",
        "horizon": "MONTHLY",
        "period": "2024-09",
        "rows": text,
    }
    answer = client.post("/plans/new/", body, follow=True)
    assert "ACCEPTED" in answer.content.decode()
    api = client.post("/api/v1/plans/new/", body, content_type="application/json")
    assert (api.status_code, api.json()["state"]) == (201, "ACCEPTED")
    wrong = client.post(
        "/api/v1/plans/new/", body | {"period": "2024-13"}, content_type="application/json"
    )
    assert wrong.status_code == 400
    assert "PLAN-PERIOD" in wrong.content.decode()


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0119")
def test_a_plan_refused_by_api_and_command_says_why_with_the_row(as_user, capacity, capsys):
    """Given a plan that shows RMR; when filed by API; then the answer holds violation and row."""
    body = {
        "plan_type": "SUPPLY_PLAN",
        "part": "GENERIC",
        "horizon": "MONTHLY",
        "period": "2024-09",
        "rows": supply_plan(
            ("SYN_CEDAR_4_ST", "0", "50", "9/1/2024", "9/30/2024"),
            ("SUNSET_2_UNITS", "0", "50", "9/1/2024", "9/30/2024"),
            scid="SYN_GEN_SUNSET",
        ),
    }
    client = as_user("sc.sunset")
    sent = client.post("/api/v1/plans/new/", body, content_type="application/json")
    answer = sent.json()
    assert (sent.status_code, answer["state"]) == (201, "REFUSED")
    wrong = [v for v in answer["violations"] if v["severity"] == "error"]
    assert [(v["code"], v["line"]) for v in wrong] == [("RMR-E-0119", 3)]
    assert "SUNSET_2_UNITS" in wrong[0]["message"]
    shown = client.get(f"/api/v1/plans/{answer['id']}/").json()
    assert shown["violations"] == answer["violations"]
    call_command("case", "show", "plans", str(answer["id"]), "--as", "sc.sunset")
    assert "RMR-E-0119" in capsys.readouterr().out
    assert shown["opened_at"][-6:] in ("-08:00", "-07:00")  # Pacific, with its offset


def test_a_refused_plan_is_told_as_refused_and_in_no_green_banner(as_user, capacity):
    harbor = ("SYN_HARBOR_1_GT", "10", "0", "9/1/2024", "9/30/2024")
    page = as_user("sc.sunset").post(
        "/plans/new/",
        {
            "plan_type": "SUPPLY_PLAN",
            "horizon": "MONTHLY",
            "part": "GENERIC",
            "period": "2024-09",
            "rows": supply_plan(harbor, scid="SYN_GEN_SUNSET"),
        },
        follow=True,
    )
    said = page.content.decode()
    assert "REFUSED" in said
    (banner,) = re.findall(r'<div class="note ([a-z ]+)" role="status">([^<]+)<', said)
    assert "error" in banner[0]
    assert "success" not in banner[0]
    assert banner[1].endswith("violations below say what to do.")

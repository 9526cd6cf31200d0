"""Substitution: MSIM-2005, planned and forced, with everything that refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.adequacy.substitutions import services
from apps.adequacy.substitutions.rules import (
    Outaged,
    SubstituteOffer,
    check_substitution,
    needed_mw,
)
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from tests.adequacy import files

BEFORE = datetime(2024, 9, 3, 12, tzinfo=UTC)  # 05:00 Pacific, before the day-ahead cut-off
MW = Decimal


def outaged(**change):
    return Outaged(
        **(
            {
                "resource": "RMR",
                "vintage": "NEW",
                "local_area": "LA_BASIN",
                "flex_category": 1,
                "needed": MW(40),
            }
            | change
        )
    )


def offer(**change):
    return SubstituteOffer(
        **(
            {
                "resource": "GEN",
                "rmr": False,
                "local_area": "LA_BASIN",
                "flex_category": 1,
                "spare": MW(25),
                "mw": MW(25),
            }
            | change
        )
    )


@pytest.mark.brq("BRQ-0210", "BRQ-0211", "MSIM-2005", "BRQ-0040")
@pytest.mark.parametrize(
    ("mine", "theirs", "part", "codes"),
    [
        ({}, {}, "GENERIC", []),  # offer A, generic
        ({"needed": MW(25)}, {"spare": MW(10), "mw": MW(10)}, "FLEX", []),  # offer A, flexible
        ({}, {"local_area": "BIG_CREEK_VENTURA", "spare": MW(30)}, "GENERIC", ["RMR-E-0210A"]),
        ({}, {"rmr": True}, "GENERIC", ["RMR-E-0211"]),
        (
            {"needed": MW(25)},
            {"flex_category": 2, "spare": MW(20), "mw": MW(20)},
            "FLEX",
            ["RMR-E-0210B"],
        ),
        ({"needed": MW(25)}, {"flex_category": None, "mw": MW(1)}, "FLEX", ["RMR-E-0210B"]),
        ({"vintage": "LEGACY"}, {}, "GENERIC", ["RMR-E-0210"]),
        ({"local_area": ""}, {"local_area": "FRESNO"}, "GENERIC", []),
        ({}, {"mw": MW(26)}, "GENERIC", ["RMR-E-0210D"]),
        ({"needed": MW(15)}, {}, "GENERIC", ["RMR-E-0210C"]),
        ({}, {"mw": MW(0)}, "GENERIC", ["RMR-E-0210C"]),
        ({}, {"local_area": ""}, "GENERIC", ["RMR-E-0210A"]),
        ({"needed": MW(25)}, {"local_area": "FRESNO", "mw": MW(5)}, "FLEX", []),
    ],
)
def test_the_rules_of_the_rule_book(mine, theirs, part, codes):
    assert [f.code for f in check_substitution(outaged(**mine), offer(**theirs), part)] == codes


@pytest.mark.brq("BRQ-0210")
def test_flexible_megawatts_lost_are_those_that_eat_into_efc():
    assert needed_mw("FLEX", out=MW(40), pmax=MW(45), obligation=MW(30)) == 25
    assert needed_mw("FLEX", out=MW(10), pmax=MW(45), obligation=MW(30)) == 0
    assert needed_mw("GENERIC", out=MW(40), pmax=MW(45), obligation=MW(45)) == 40


def ask(person, who="iso.operator", at=BEFORE, **given):
    told = {"outage": "H1", "substitute": "SYN_BASIN_7_CC", "part": "GENERIC", "mw": MW(25)}
    return services.request_substitution(
        given=services.SubstitutionInput(**(told | given)), actor=person(who), at=at
    )


def refused(person, **words):
    with pytest.raises(ValidationFailed) as trouble:
        ask(person, **words)
    return [f.code for f in trouble.value.violations]


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
@pytest.mark.brq("BRQ-0210", "BRQ-0211", "MSIM-2005")
def test_a_forced_outage_of_local_rmr_is_substituted_in_its_own_area(person):
    case = ask(person)
    assert (case.state, case.process) == ("APPROVED", "DAY_AHEAD")
    need = services.need_of(reference="H1", part="GENERIC")
    assert (need.needed, need.local_area, need.vintage) == (MW(15), "LA_BASIN", "NEW")
    assert refused(person, mw=MW(16)) == ["RMR-E-0210C"]
    assert refused(person, substitute="SYN_VENTURA_8_GT", mw=MW(5)) == ["RMR-E-0210A"]
    assert refused(person, substitute="SYN_MESA_2_CC", mw=MW(5)) == ["RMR-E-0211"]  # not: no NQC
    ask(person, mw=MW(15))  # several for one outage
    assert services.need_of(reference="H1", part="GENERIC").needed == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
@pytest.mark.brq("BRQ-0211", "MSIM-2005")
def test_an_rmr_resource_never_stands_in(person, load):
    assert "RMR-E-0211" in refused(person, outage="S1", substitute="SYN_HARBOR_1_GT", mw=MW(5))
    load(
        "nqc-list",
        files.nqc_list(BOGUE_1_UNITA1="47.38", SYN_BASIN_7_CC="140"),
        options={"ra_year": "2024"},
    )
    assert "RMR-E-0211" in refused(person, outage="S1", substitute="BOGUE_1_UNITA1", mw=MW(1))


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
@pytest.mark.brq("BRQ-0210", "MSIM-2005")
def test_system_rmr_takes_a_substitute_from_anywhere_and_its_sc_its_own(person):
    case = ask(person, who="sc.sunset", outage="S1", substitute="SYN_CEDAR_4_ST", mw=MW(60))
    assert case.state == "APPROVED"
    assert refused(person, who="sc.sunset", outage="S1") == ["SUB-SC"]  # another SC's generator
    assert refused(person, who="sc.sunset") == ["SUB-OUTAGE"]  # another SC's outage
    assert refused(person, who="sc.bay", outage="S1") == ["SUB-OUTAGE"]


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
@pytest.mark.brq("BRQ-0210", "MSIM-2005")
def test_flexible_capacity_wants_the_same_category_or_a_higher_one(person, load):
    rows = "".join(f"SYN_HARBOR_1_GT,2024,{m},85,70,1,LA_BASIN,SYNTHETIC\n" for m in range(1, 13))
    load(
        "rmr-nqc-efc",
        "RESOURCE_ID,RA_YEAR,RA_MONTH,NQC_MW,EFC_MW,FLEX_CATEGORY,LOCAL_AREA,SOURCE\n" + rows,
    )
    # 40 out of 85, 70 flexible: 40 − (85 − 70) = 25 of the flexible part
    assert services.need_of(reference="H1", part="FLEX").needed == 25
    assert refused(person, part="FLEX", mw=MW(5)) == ["RMR-E-0210B"]  # Basin is of category 2
    case = ask(person, part="FLEX", substitute="SYN_FOOTHILL_6_GT", mw=MW(25))
    assert (case.state, case.part) == ("APPROVED", "FLEX")
    assert services.need_of(reference="H1", part="GENERIC").needed == 40  # a ledger of its own


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0210", "MSIM-2005")
def test_a_planned_outage_waits_for_the_iso_and_legacy_is_outside(person, load, capacity):
    legacy = (
        "L1",
        "BOGUE_1_UNITA1",
        "PLANNED",
        "PLANT_MAINTENANCE",
        "2024-09-04 06:00",
        "2024-09-05 18:00",
        "40",
    )
    planned = ("P1", *files.HARBOR[1:2], "PLANNED", "PLANT_MAINTENANCE", *files.HARBOR[4:])
    load("outage-report", files.report(legacy, planned))
    assert "RMR-E-0210" in refused(person, outage="L1", mw=MW(1))
    case = ask(person, outage="P1")
    assert case.state == "REQUESTED"
    with pytest.raises(MoveRefused, match="second person"):
        services.substitution_approve(case_id=case.pk, actor=person("iso.operator"), at=BEFORE)
    case = services.substitution_approve(case_id=case.pk, actor=person("iso.approver"), at=BEFORE)
    assert case.state == "APPROVED"
    with pytest.raises(MoveRefused):
        services.withdraw_substitution(case_id=case.pk, actor=person("iso.operator"), at=BEFORE)


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
@pytest.mark.brq("BRQ-0210")
def test_hours_that_have_begun_are_too_late_but_for_the_iso_with_a_reason(person):
    late = datetime(2024, 9, 4, 20, tzinfo=UTC)
    assert refused(person, at=late) == ["RMR-E-0210E"]
    assert refused(
        person, who="sc.sunset", outage="S1", substitute="SYN_CEDAR_4_ST", at=late, late_reason="x"
    ) == ["RMR-E-0210E"]
    rest = ask(person, at=late, starts_at=late + timedelta(hours=1))
    assert rest.process == "SAME_DAY"
    entered = ask(person, at=late, mw=MW(15), late_reason="telephoned at 10:00")
    assert entered.late_reason == "telephoned at 10:00"


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
@pytest.mark.brq("BRQ-0210")
def test_a_planned_outage_on_file_at_t45_is_substituted_until_t11(person):
    from apps.reference.outages import services as outages

    card = outages.file_outage(
        given=outages.OutageInput(
            resource="SYN_HARBOR_1_GT",
            outage_type="PLANNED",
            nature="RIMS_OUTAGE",
            curtailed_mw=MW(20),
            starts_at=datetime(2024, 9, 16, 7, tzinfo=UTC),
            ends_at=datetime(2024, 9, 18, 7, tzinfo=UTC),
            reason="inspection",
        ),
        actor=person("iso.operator"),
        at=datetime(2024, 7, 10, tzinfo=UTC),
    )
    name = f"card {card.pk}"
    too_late = datetime(2024, 8, 22, 12, tzinfo=UTC)  # T-11 is 2024-08-21
    assert refused(person, outage=name, mw=MW(20), at=too_late) == ["RMR-E-0210E"]
    assert ask(person, outage=name, mw=MW(20), at=too_late - timedelta(days=1)).state == "REQUESTED"


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0210", "MSIM-2005")
def test_an_exempt_nature_of_work_demands_no_substitute(person, load, capacity):
    load(
        "outage-report",
        files.report((*files.HARBOR[:3], "TRANSMISSION_INDUCED", *files.HARBOR[4:])),
    )
    need = services.need_of(reference="H1", part="GENERIC")
    assert not need.wanted
    assert [r["code"] for r in ask(person).remarks] == ["RMR-W-0210F"]


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
@pytest.mark.brq("BRQ-0225", "MSIM-2005")
def test_a_resource_that_changes_hands_is_asked_for_by_its_sc_of_each_day(person, load):
    load(
        "resources",
        files.RESOURCES.splitlines()[0] + "\nSUNSET_2_UNITS,Midway Sunset,248,"
        "PGE-TAC,,SYN_GEN_SOUTH,2024-09-06,SYNTHETIC\n",
    )
    said = refused(person, who="sc.sunset", outage="S1", substitute="SYN_CEDAR_4_ST", mw=MW(10))
    assert said == ["SUB-SC"]
    until = datetime(2024, 9, 6, 7, tzinfo=UTC)
    case = ask(
        person, who="sc.sunset", outage="S1", substitute="SYN_CEDAR_4_ST", mw=MW(10), ends_at=until
    )
    assert case.state == "APPROVED"


@pytest.mark.django_db
@pytest.mark.usefixtures("outages", "changes_hands")
@pytest.mark.brq("BRQ-0225", "BRQ-0210")
def test_the_new_sc_is_told_from_which_day_it_may_ask_and_a_stranger_nothing(person):
    """Given a change of SC in an outage; when the new SC asks for all of it; then from its day."""
    own = {"outage": "S1", "substitute": "SYN_CEDAR_4_ST", "mw": MW(10)}
    with pytest.raises(ValidationFailed) as trouble:
        ask(person, who="sc.bay", **own)
    said = [(f.code, f.column, f.message) for f in trouble.value.violations]
    assert said == [
        (
            "SUB-SC",
            "starts_at",
            "Before 2024-09-06 the resource is another SC's; ask for the days from 2024-09-06.",
        )
    ]
    start = datetime(2024, 9, 6, 7, tzinfo=UTC)
    assert ask(person, who="sc.bay", **own, starts_at=start).state == "APPROVED"
    until = datetime(2024, 9, 6, 7, tzinfo=UTC)
    assert refused(person, who="sc.bay", **own, ends_at=until) == ["SUB-SC"]
    assert refused(person, who="sc.bay", **(own | {"outage": "H1"})) == ["SUB-OUTAGE"]


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
@pytest.mark.brq("BRQ-0210", "BRQ-0211")
def test_the_finder_lists_the_allowed_and_says_why_not_for_each_other(as_user):
    client = as_user("iso.operator")
    api = client.get("/api/v1/substitute-candidates/?outage=H1").json()
    assert (api["resource"], api["needed_mw"]) == ("SYN_HARBOR_1_GT", "40")
    assert [(c["resource"], c["spare_mw"]) for c in api["allowed"]] == [("SYN_BASIN_7_CC", "140")]
    why = {c["resource"]: c["codes"] for c in api["refused"]}
    assert why["SYN_VENTURA_8_GT"] == why["SYN_FOOTHILL_6_GT"] == ["RMR-E-0210A"]
    assert "RMR-E-0211" in why["SUNSET_2_UNITS"]
    assert api["without"]["charge_usd"]
    text = client.get("/substitute-candidates/?outage=H1").content.decode()
    assert "Without a substitute" in text
    assert "RMR-E-0210A" in text
    missing = client.get("/substitute-candidates/?outage=nothing")
    assert (missing.status_code, "SUB-OUTAGE" in missing.content.decode()) == (400, True)
    own = as_user("sc.sunset").get("/api/v1/substitute-candidates/?outage=S1").json()
    assert [c["resource"] for c in own["allowed"]] == ["SYN_CEDAR_4_ST"]
    other = as_user("sc.sunset").get("/api/v1/substitute-candidates/?outage=H1")
    assert other.status_code == 400


@pytest.mark.django_db
@pytest.mark.usefixtures("outages")
def test_a_window_beyond_time_or_the_outage_is_refused_gently(as_user, person):
    client = as_user("iso.operator")
    for query in (
        "starts_at=9999-12-31T23:00",
        "ends_at=0001-01-01T00:00",
        "starts_at=2024-01-01",
        "starts_at=2024-09-05T00:00&ends_at=2024-09-04T00:00",
    ):
        answer = client.get(f"/api/v1/substitute-candidates/?outage=H1&{query}")
        assert answer.status_code in (200, 400), query
    # a NUL is taken out of an address: no outage is named, and the page asks for one
    unnamed = client.get("/substitute-candidates/?outage=%00&part=x")
    assert unnamed.status_code == client.get("/substitute-candidates/").status_code == 200
    far = datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert refused(person, starts_at=far) == ["SUB-WINDOW"]

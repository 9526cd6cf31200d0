"""A designated resource is RMR at every gate before its contract terms are held."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from apps.adequacy.cpm import services as cpm
from apps.adequacy.cpm.models import CpmDesignation, CpmOffer
from apps.adequacy.credits import services as credits
from apps.adequacy.plans.models import PlanRow
from apps.adequacy.plans.selectors import capacity_on, conflicts
from apps.adequacy.substitutions import services as substitutions
from apps.adequacy.substitutions.models import Substitution
from apps.bidding.market_payloads import services as dispatching
from apps.platform.accounts.models import Party
from apps.platform.accounts.services import user_ensure
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from apps.reference.resources.models import EffectiveFlexibleCapacity
from apps.reference.resources.selectors import resource_ids
from apps.reliability.designations import selectors
from apps.reliability.designations import services as designations
from tests.adequacy import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("capacity")]
BASIN, MW = "SYN_BASIN_7_CC", Decimal
NOVEMBER = (date(2024, 11, 1), date(2024, 12, 31))
PLANNED = (BASIN, "100", "20", "11/1/2024", "11/30/2024")
DAY = date(2024, 11, 10)


@pytest.fixture
def designate_basin(file_notice, person, now):
    """Designate the Basin generator for November and December 2024; no contract terms."""

    def go(**change):
        notice = file_notice("iso.contracts", resource=BASIN, notice_date=date(2024, 2, 1))
        finding = designations.finding_open(
            notice=notice.pk,
            study="Local study",
            study_date=date(2024, 3, 1),
            needs=["LOCAL"],
            need_mw=MW(288),
            available_mw=MW(250),
            note="",
            actor=person("iso.operator"),
            at=now,
        )
        case = designations.propose_designation(
            given=designations.DesignationInput(
                **(
                    {
                        "notice": notice.pk,
                        "finding": finding.pk,
                        "need": "LOCAL",
                        "start": NOVEMBER[0],
                        "end": NOVEMBER[1],
                        "ra_year": 2024,
                    }
                    | change
                )
            ),
            actor=person("iso.contracts"),
            at=now,
        )
        return designations.designation_approve(
            case_id=case.pk, actor=person("iso.approver"), at=now
        )

    return go


@pytest.fixture
def designated(designate_basin):
    case = designate_basin()
    assert not selectors.contracts_of(case).exists()
    return case


def codes_of(trouble):
    return [f.code for f in trouble.value.violations]


@pytest.mark.brq("BRQ-0119")
def test_a_plan_that_shows_it_is_refused(designated, file_plan):
    refused = file_plan(files.supply_plan(PLANNED), period="2024-11")
    assert refused.state == "REFUSED"
    found = [f for f in refused.violations if f["severity"] == "error"]
    assert [(f["code"], f["line"]) for f in found] == [("RMR-E-0119", 2)]
    assert found[0]["message"] == (
        f"Row 2: {BASIN} is designated RMR (no. {designated.pk}) from 2024-11-01 to 2024-12-31; "
        "RMR capacity is not shown in plans."
    )
    assert not PlanRow.objects.exists()
    before = file_plan(
        files.supply_plan((BASIN, "100", "20", "10/1/2024", "10/31/2024")), period="2024-10"
    )
    assert before.state == "ACCEPTED", before.violations


@pytest.mark.brq("BRQ-0119", "BRQ-0221")
def test_the_ra_column_shows_it_once_as_rmr(file_plan, designate_basin, person):
    filed = datetime(2024, 7, 1, tzinfo=UTC)
    assert file_plan(files.supply_plan(PLANNED), period="2024-11", at=filed).state == "ACCEPTED"
    case = designate_basin()
    key = resource_ids({BASIN})[BASIN]

    def shown(*at):
        return [
            (h.source, h.part, h.mw, h.label) for h in capacity_on(DAY, *at) if h.resource_id == key
        ]

    assert shown() == [
        ("RMR", "GENERIC", MW(150), f"designation no. {case.pk}"),
        ("RMR", "FLEX", MW(100), f"EFC of designation no. {case.pk}"),
    ]
    assert conflicts(viewer=person("iso.operator").viewer()).count() == 1
    known = shown(datetime(2024, 8, 1, tzinfo=UTC))  # as it was known before the designation
    assert [s[:3] for s in known] == [("RA", "GENERIC", MW(120))]


@pytest.mark.brq("BRQ-0300")
def test_it_gets_no_cpm_designation_and_may_not_offer(designated, person):
    given = cpm.CpmDesignationInput(
        resource=BASIN,
        type="SIGNIFICANT_EVENT",
        reason="RELIABILITY",
        mw=MW(10),
        first_date=DAY,
        last_date=DAY + timedelta(days=29),
        text="test",
    )
    with pytest.raises(ValidationFailed) as trouble:
        cpm.propose_designation(given=given, actor=person("iso.operator"), at=datetime.now(UTC))
    assert "RMR-E-0300" in codes_of(trouble)
    assert not CpmDesignation.objects.exists()
    at = datetime(2024, 9, 20, tzinfo=UTC)
    asked = cpm.solicit(
        given=cpm.SolicitationInput(
            kind="MONTHLY",
            type="MONTHLY",
            reason="LOCAL",
            first_date=date(2024, 11, 1),
            last_date=date(2024, 11, 30),
            need_mw=MW(100),
            closes_at=at + timedelta(days=10),
            text="November",
        ),
        actor=person("iso.operator"),
        at=at,
    )
    south = user_ensure(
        username="sc.south",
        password="demo",
        roles=["SC_USER"],
        party=Party.objects.get(code="SYN_GEN_SOUTH"),
        first_name="So",
    )
    with pytest.raises(ValidationFailed) as trouble:
        cpm.submit_offer(
            given=cpm.OfferInput(solicitation=asked.pk, resource=BASIN, mw=MW(10), price=MW(5)),
            actor=south,
            at=at,
        )
    assert "RMR-E-0300" in codes_of(trouble)
    assert not CpmOffer.objects.exists()


@pytest.mark.brq("BRQ-0300")
def test_a_cpm_offer_made_before_can_no_longer_be_accepted(person, designate_basin):
    at = datetime.now(UTC)
    given = cpm.CpmDesignationInput(
        resource=BASIN,
        type="SIGNIFICANT_EVENT",
        reason="RELIABILITY",
        mw=MW(10),
        first_date=DAY,
        last_date=DAY + timedelta(days=29),
        text="test",
    )
    case = cpm.propose_designation(given=given, actor=person("iso.operator"), at=at)
    cpm.offer_designation(case_id=case.pk, actor=person("iso.approver"), at=at)
    designate_basin()
    south = user_ensure(
        username="sc.south",
        password="demo",
        roles=["SC_USER"],
        party=Party.objects.get(code="SYN_GEN_SOUTH"),
        first_name="So",
    )
    with pytest.raises(MoveRefused, match="RMR-E-0300"):
        cpm.accept_designation(case_id=case.pk, actor=south, at=at)
    case.refresh_from_db()
    assert case.state == "OFFERED"


def _substitute(person, substitute):
    return substitutions.request_substitution(
        given=substitutions.SubstitutionInput(
            outage="S1", substitute=substitute, part="GENERIC", mw=MW(5)
        ),
        actor=person("iso.operator"),
        at=datetime(2024, 11, 9, 12, tzinfo=UTC),
    )


SUNSET = (
    "S1",
    "SUNSET_2_UNITS",
    "FORCED",
    "PLANT_TROUBLE",
    "2024-11-10 06:00",
    "2024-11-11 18:00",
    "62",
)


@pytest.mark.brq("BRQ-0211")
@pytest.mark.parametrize(
    "substitute", [BASIN, "GRNLF2_1_UNIT", "BOGUE_1_UNITA1", "SYN_MESA_2_CC", "METEC_2_PL1X3"]
)
def test_it_never_stands_in_and_that_is_the_first_reason(designated, load, person, substitute):
    load("outage-report", files.report(SUNSET))
    with pytest.raises(ValidationFailed) as trouble:
        _substitute(person, substitute)
    assert codes_of(trouble)[0] == "RMR-E-0211"  # with and without an NQC, new and legacy
    assert substitute in trouble.value.violations[0].message
    assert not Substitution.objects.exists()


@pytest.mark.brq("BRQ-0211")
def test_without_the_designation_it_may_stand_in(load, person):
    load("outage-report", files.report(SUNSET))
    assert _substitute(person, BASIN).state == "APPROVED"


@pytest.mark.brq("BRQ-0210")
def test_an_outage_of_it_is_one_of_local_rmr(designated, load, person):
    out = ("B1", BASIN, "FORCED", "PLANT_TROUBLE", "2024-11-10 06:00", "2024-11-11 18:00", "30")
    load("outage-report", files.report(out))
    need = substitutions.need_of(reference="B1", part="GENERIC")
    assert (need.vintage, need.local_area, need.obligation) == ("NEW", "LA_BASIN", MW(150))


@pytest.mark.brq("BRQ-0105")
def test_its_nqc_and_efc_may_be_sent(designated, load, send):
    head = "RESOURCE_ID,RA_YEAR,RA_MONTH,NQC_MW,EFC_MW,FLEX_CATEGORY,LOCAL_AREA\n"
    sent = send("rmr-nqc-efc", head + f"{BASIN},2024,10,140,,,LA_BASIN\n")
    assert sent.state == "REFUSED"
    assert "no RMR contract or designation then" in sent.violations.get().message
    load("rmr-nqc-efc", head + f"{BASIN},2024,11,140,60,1,LA_BASIN\n")
    kept = EffectiveFlexibleCapacity.objects.get(
        resource__code=BASIN, dataset_version__dataset="resources.rmr_nqc_efc"
    )
    assert (kept.ra_month, kept.efc_mw) == (11, 60)


@pytest.mark.brq("BRQ-0114", "BRQ-0116")
def test_its_credits_may_be_proposed(designated, person, now):
    case = credits.propose_credit(
        given=credits.CreditInput(
            resource=BASIN, kind="LOCAL", mw=MW(140), ra_year=2024, ra_month=11, reference="test"
        ),
        actor=person("iso.operator"),
        at=now,
    )
    assert (case.label, case.tac_areas) == ("RMR", "SCE-TAC")
    with pytest.raises(ValidationFailed) as trouble:
        credits.propose_credit(
            given=credits.CreditInput(
                resource=BASIN,
                kind="LOCAL",
                mw=MW(140),
                ra_year=2024,
                ra_month=10,
                reference="test",
            ),
            actor=person("iso.operator"),
            at=now,
        )
    assert codes_of(trouble) == ["RMR-E-0114C"]


@pytest.mark.brq("BRQ-0740", "BRQ-0300")
def test_a_dispatch_of_it_alerts_nobody_to_a_cpm_designation(designated, person):
    """Given a designation without terms; when dispatched; then no alert: it can get no CPM."""
    given = {
        "resource": BASIN,
        "instruction": "SYSEMR",
        "market": "RT",
        "mw": MW(100),
        "reason": "overload",
    }

    def dispatch(day):
        at = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
        return dispatching.issue_dispatch(
            given=dispatching.DispatchInput(**given, starts_at=at),
            actor=person("iso.operator"),
            at=datetime.now(UTC),
        )

    assert dispatch(date(2024, 10, 31)).cpm_alert
    assert not dispatch(DAY).cpm_alert


@pytest.mark.brq("BRQ-0119")
def test_the_list_of_conflicts_and_the_gates_say_the_same_of_every_day(designated):
    """One selector: days of spans, the filter of rows and the resources of a day agree."""
    key = designated.resource_id
    for day, rmr in ((date(2024, 10, 31), False), (NOVEMBER[0], True), (NOVEMBER[1], True)):
        spans = [s for s in selectors.rmr_spans({key}) if s.first <= day <= s.last]
        assert (bool(spans), key in selectors.rmr_on(day)) == (rmr, rmr)

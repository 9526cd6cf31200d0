"""The costs desk: adders and regions by two people, reference level requests by their threshold."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from apps.bidding.costs import services
from apps.bidding.costs.models import CostAdder, DebSegment, RegionScalar, TransitionCost
from apps.bidding.costs.selectors import granted_levels
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from tests.bidding.costs.conftest import DAY

pytestmark = pytest.mark.django_db
D = Decimal


def codes(refusal):
    return {f.code for f in refusal.value.violations}


def adder(person, now, **change):
    given = {
        "resource": "SYN_MESA_2_CC",
        "kind": "MMA_START_UP",
        "config": "2X1",
        "amount": D(3000),
        "origin": "NEGOTIATED",
        "first_date": date(2024, 9, 1),
        "reference": "agreement",
    } | change
    return services.propose_adder(
        given=services.AdderInput(**given), actor=person("iso.contracts"), at=now
    )


@pytest.mark.brq("BRQ-0062", "BRQ-0098")
def test_an_approved_adder_changes_the_transition_from_its_day_on(
    costs_on_file, calculate, person, now
):
    case = adder(person, now)
    with pytest.raises(MoveRefused):
        services.adder_approve(case_id=case.pk, actor=person("iso.contracts"), at=now)
    services.adder_approve(case_id=case.pk, actor=person("iso.approver"), at=now)
    assert CostAdder.objects.get().amount == 3000
    after, before = calculate(), calculate(date(2024, 8, 30))
    values = [TransitionCost.objects.get(run=r, unit="SYN_MESA_2_CC").mma for r in (before, after)]
    assert values == [1500, 2000]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": D(-1)}, "RMR-E-0062"),
        ({"kind": "OC_ENERGY", "config": ""}, "RMR-W-0062"),
        ({"resource": "NOBODY"}, "COST-RES"),
        ({"to_config": "1X1"}, "COST-TRANSITION"),
        ({"last_date": date(2024, 8, 1)}, "COST-DATE"),
    ],
)
@pytest.mark.brq("BRQ-0062")
def test_what_cannot_be_is_refused(costs_on_file, person, now, change, code):
    with pytest.raises(ValidationFailed) as caught:
        adder(person, now, **change)
    assert code in codes(caught)


BEFORE = datetime(2024, 9, 3, 15, tzinfo=UTC)  # 8:00 Pacific of the day before


def request(person, who="sc.sunset", at=BEFORE, **change):
    given = {
        "timing": "EX_ANTE",
        "resource": "SUNSET_2_UNITS",
        "trade_date": DAY,
        "market": "DA",
        "cost_type": "ENERGY",
        "requested": D("36.00"),
        "at_mw": D(150),
        "reason": "gas",
    } | change
    return services.request_change(given=services.RequestInput(**given), actor=person(who), at=at)


@pytest.mark.brq("BRQ-0064", "BRQ-0090", "BRQ-0091")
def test_a_request_is_accepted_up_to_the_threshold_and_capped_above(
    costs_on_file, calculate, person
):
    calculate()
    low = request(person)
    # 1.10 × 34.1627125 = 37.57898…, and no 10 % adder besides
    assert (low.state, low.threshold, low.approved) == ("ACCEPTED", D("37.58"), D("36"))
    assert granted_levels(DAY, low.decided_at) == [low]
    high = request(person, requested=D("50"))
    assert (high.state, high.approved) == ("CAPPED", D("37.58"))
    assert high.decided_at > low.decided_at
    assert granted_levels(DAY, low.decided_at) == [low]
    assert "ex-post" in high.outcome


@pytest.mark.brq("BRQ-0092")
def test_a_region_of_its_own_scales_the_fuel_part_only(costs_on_file, calculate, person, now):
    case = services.propose_region(
        given=services.RegionInput(
            region="FRPGE2GHG",
            index="PGE_CITYGATE",
            volatility=D("1.25"),
            first_date=date(2024, 9, 1),
            reference="notice",
        ),
        actor=person("iso.contracts"),
        at=now,
    )
    services.region_approve(case_id=case.pk, actor=person("iso.approver"), at=now)
    assert RegionScalar.objects.get().volatility == D("1.25")
    calculate()
    # 1.10 × (24.5 × 1.25 + 6.5127125 + 3.15) = 44.32
    assert request(person).threshold == D("44.32")


@pytest.mark.brq("BRQ-0090")
def test_condition_2_and_days_before_go_live_are_refused(costs_on_file, calculate, person, now):
    from apps.platform.accounts.models import Party
    from apps.platform.accounts.services import user_ensure

    user_ensure(
        username="sc.legacy",
        password="x",
        roles=["SC_USER"],
        party=Party.objects.get(code="SYN_GEN_LEGACY"),
    )
    calculate()
    with pytest.raises(ValidationFailed) as caught:
        request(person, "sc.legacy", resource="OAK C_7_UNIT 1", at_mw=D(20))
    assert codes(caught) == {"RMR-E-0090"}
    assert (
        request(person, "sc.legacy", resource="METEC_2_PL1X3", requested=D(28)).state == "ACCEPTED"
    )
    with pytest.raises(ValidationFailed) as caught:
        request(person, "sc.sunset", resource="GRNLF2_1_UNIT")
    assert codes(caught) == {"COST-RES"}


@pytest.mark.brq("BRQ-0090")
def test_ex_post_is_decided_by_a_person_with_a_reason(costs_on_file, calculate, person, now):
    calculate()
    capped = request(person, requested=D(50))
    case = request(person, timing="EX_POST", requested=D(50), follows=capped.pk)
    assert case.state == "SUBMITTED"
    case = services.change_approve_part(
        case_id=case.pk,
        approved=D(45),
        actor=person("iso.contracts"),
        at=now,
        note="invoice supports 45",
    )
    assert (case.state, case.approved) == ("PARTLY_APPROVED", 45)
    assert granted_levels(DAY, case.decided_at) == [capped, case]
    with pytest.raises(MoveRefused):
        services.change_refuse(case_id=case.pk, actor=person("iso.contracts"), at=now, note="no")
    assert DebSegment.objects.filter(resource__code="SUNSET_2_UNITS").exists()


@pytest.mark.brq("BRQ-0090")
def test_ex_ante_ends_with_the_market_close(costs_on_file, calculate, person):
    calculate()
    with pytest.raises(ValidationFailed) as caught:
        request(person, at=datetime(2024, 9, 3, 17, tzinfo=UTC))
    assert codes(caught) == {"COST-CLOSED"}
    late = datetime(2024, 9, 4, 12, tzinfo=UTC)
    assert request(person, at=late, market="RT", first_hour=8).state == "ACCEPTED"
    assert request(person, at=late, timing="EX_POST").state == "SUBMITTED"


@pytest.mark.brq("BRQ-0090")
def test_an_sc_asks_on_the_page_behind_the_wall(costs_on_file, calculate, as_user):
    from apps.bidding.costs.models import ReferenceLevelRequest

    calculate()
    client = as_user("sc.sunset")
    given = {
        "timing": "EX_POST",
        "resource": "SUNSET_2_UNITS",
        "trade_date": "2024-09-04",
        "market": "DA",
        "first_hour": 1,
        "cost_type": "ENERGY",
        "at_mw": "150",
        "requested": "36",
        "reason": "gas",
    }
    page = client.post("/reference-level-requests/new/", given, follow=True)
    assert "SUBMITTED" in page.content.decode()
    late = client.post("/reference-level-requests/new/", given | {"timing": "EX_ANTE"})
    assert "COST-CLOSED" in late.content.decode()
    assert ReferenceLevelRequest.objects.count() == 1


@pytest.mark.brq("BRQ-0090")
def test_a_request_of_a_party_is_decided_behind_the_wall(costs_on_file, calculate, person):
    from apps.platform.accounts.middleware import as_party

    calculate()
    with as_party(person("sc.sunset").party_id):
        assert request(person).state == "ACCEPTED"


@pytest.mark.brq("BRQ-0090")
def test_the_command_names_each_field_that_is_wrong(capsys):
    words = [
        "resource=SUNSET_2_UNITS",
        "timing=NEVER",
        "trade_date=2024-09-04",
        "--as",
        "sc.sunset",
    ]
    with pytest.raises(CommandError) as caught:
        call_command("case", "open", "reference-level-requests", *words, "--as", "sc.sunset")
    said = {line.partition(":")[0] for line in str(caught.value).splitlines()}
    assert said == {"timing", "market", "first_hour", "cost_type", "requested", "reason"}
    call_command("case", "fields", "reference-level-requests")
    assert "timing: When, needed. EX_ANTE, EX_POST." in capsys.readouterr().out

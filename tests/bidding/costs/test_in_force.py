"""What stands on the bid in force: thresholds, the Pmax where a bid ends, counts of a manifest."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from apps.bidding.costs import services
from apps.bidding.costs.models import CommitmentCostLine, CostViolation, DebSegment, RegionProposal
from apps.bidding.costs.rules import CurvePrice, Point, energy_bid, energy_threshold, up_to
from apps.platform.audit.services import MoveRefused
from apps.platform.core.violations import ValidationFailed
from tests.bidding.costs.files import COMMITMENT, CONFIGURATIONS, MASTER, POINTS, RATES
from tests.bidding.costs.test_desk import codes, request

D = Decimal
PRICE = CurvePrice(3_500_000, 5_316_500, 17_500_000, 350_000, 2_800_000)
FALLING = [
    Point(1_000_000, 80_000_000, None),
    Point(2_000_000, 75_000_000, None),
    Point(3_000_000, 70_000_000, None),
]


@pytest.mark.brq("BRQ-0064")
def test_the_threshold_stands_on_the_bid_that_was_raised():
    """Worked in docs/algorithms/calculated-costs.md: 34.16 and 29.73, raised to 34.16."""
    segments = energy_bid(FALLING, PRICE)
    assert [s.adjusted for s in segments] == [False, True]

    def threshold(reached, volatility):
        return float(
            energy_threshold(
                reached, PRICE, volatility=Fraction(volatility), headroom=Fraction(11, 10)
            )
        )

    for scalar, said in (("1", 37.57898375), ("1.25", 44.31648375)):
        assert threshold(segments[:1], scalar) == pytest.approx(said, abs=1e-5)
        assert threshold(segments, scalar) == pytest.approx(said, abs=1e-5)


RAISED = POINTS.replace("SUNSET_2_UNITS,,3,248,7600,", "SUNSET_2_UNITS,,3,248,7100,")


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0064", "BRQ-0090")
def test_a_request_on_a_raised_segment_is_held_against_its_bid(
    costs_on_file, calculate, load, person
):
    load("heat-rate-points", RAISED, sender="iso.admin")
    run = calculate()
    steps = DebSegment.objects.filter(run=run, unit="SUNSET_2_UNITS").order_by("segment_no")
    assert [(s.published, s.adjusted) for s in steps] == [
        (D("34.16"), False),
        (D("34.16"), True),
    ]
    asked = [request(person, at_mw=D(mw), requested=D(30)).threshold for mw in (150, 230, 240)]
    assert asked == [D("37.58")] * 3  # 1.10 × 34.1627125 throughout


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0064", "BRQ-0090")
def test_a_day_without_costs_says_what_to_do_first(costs_on_file, calculate, person, as_user, now):
    with pytest.raises(ValidationFailed) as caught:
        request(person)
    assert codes(caught) == {"COST-NONE"}
    assert "calculates them first" in str(caught.value)
    case = request(person, timing="EX_POST", requested=D(50))
    address = f"/reference-level-requests/{case.pk}/"
    before = as_user("iso.analyst").get(address).content.decode()
    assert "No costs are calculated for 2024-09-04 yet" in before
    assert 'href="/costs/"' in before
    calculate()
    assert "37.58 $/MWh, of costs calculated after" in (
        as_user("sc.sunset").get(address).content.decode()
    )
    done = services.change_approve(case_id=case.pk, actor=person("iso.contracts"), at=now)
    assert done.threshold == D("37.58")


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0092")
def test_a_scalar_below_one_proposed_before_is_not_approved(person, now):
    case = RegionProposal.objects.create(
        state="PROPOSED",
        opened_by=person("iso.contracts"),
        opened_at=now,
        region="FRPGE2GHG",
        index="PGE_CITYGATE",
        volatility=D("0.5"),
        first_date=date(2024, 9, 1),
        reference="notice",
    )
    with pytest.raises(MoveRefused, match="from 1"):
        services.region_approve(case_id=case.pk, actor=person("iso.approver"), at=now)


def test_segments_end_at_pmax():
    segments = energy_bid(FALLING, PRICE)
    assert [s.to_mw for s in up_to(segments, 2_500_000)] == [2_000_000, 2_500_000]
    assert up_to(segments, 3_000_000) == segments
    assert up_to(segments, 2_000_000) == segments[:1]
    assert up_to(segments, 1_000_000) == []
    assert up_to(segments, 2_500_000)[1].deb == segments[1].deb


CURVES = POINTS + (
    "SYN_MESA_2_CC,1X1,1,20,9100,\nSYN_MESA_2_CC,1X1,2,60,8000,\n"
    "SYN_MESA_2_CC,2X1,1,50,8300,\nSYN_MESA_2_CC,2X1,2,85,7700,\nSYN_MESA_2_CC,2X1,3,120,7600,\n"
)


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0065")
def test_the_bid_of_a_configuration_ends_at_its_pmax(costs_on_file, calculate, load, send):
    narrow = CONFIGURATIONS.replace("2X1,50,120,N", "2X1,50,110,N")
    load("msg-configurations", narrow, sender="iso.admin")
    load("cost-rates", f"{RATES}VOM,SYN_MESA_2_CC,2024-01-01,2.00\n", sender="iso.admin")
    sent = send("heat-rate-points", CURVES, sender="iso.admin")
    assert [(f.code, f.line, f.column) for f in sent.violations.all()] == [
        ("RMR-W-0065P", 19, "MW")
    ]
    load("heat-rate-points", CURVES, sender="iso.admin")
    run = calculate()
    rows = DebSegment.objects.filter(run=run, unit="SYN_MESA_2_CC").order_by("config", "from_mw")
    assert [(r.config, r.from_mw, r.to_mw) for r in rows] == [
        ("1X1", 20, 60),
        ("2X1", 50, 85),
        ("2X1", 85, 110),
    ]
    remark = CostViolation.objects.get(run=run, code="RMR-W-0065P")
    assert remark.unit == "SYN_MESA_2_CC 2X1"
    assert "120 MW and PMAX_MW is 110 MW" in remark.message
    nothing = CURVES.replace("2X1,1,50,", "2X1,1,111,").replace("2X1,2,85,", "2X1,2,115,")
    load("heat-rate-points", nothing, sender="iso.admin")
    run = calculate()
    assert not DebSegment.objects.filter(run=run, unit="SYN_MESA_2_CC", config="2X1").exists()
    assert CostViolation.objects.filter(run=run, code="RMR-E-0065P").exists()


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0523")
def test_a_blank_pmin_is_no_minimum_load_of_0(costs_on_file, calculate, load):
    blank = MASTER.replace("SYN_GEN_SIERRA,49.2,10,R", "SYN_GEN_SIERRA,49.2,,R")
    load("master-file", blank, sender="iso.admin", options={"as_of": "2024-01-01"})
    run = calculate()
    lines = CommitmentCostLine.objects.filter(run=run, unit="GRNLF2_1_UNIT")
    assert [k.cost_type for k in lines] == ["START_UP"]
    remark = CostViolation.objects.get(run=run, unit="GRNLF2_1_UNIT")
    assert (remark.code, remark.severity) == ("RMR-E-0523", "error")
    assert "PMIN_MW" in remark.message


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0065", "BRQ-0066")
def test_a_rate_that_lacks_makes_no_bid_and_is_named(costs_on_file, calculate, load):
    """A rate of 0 is on file; one that is not on file is not 0."""
    run = calculate()
    assert not CostViolation.objects.filter(run=run, code="RMR-E-0065R").exists()
    assert DebSegment.objects.filter(run=run, unit="METEC_2_PL1X3", vom=0).exists()
    load("cost-rates", RATES.replace("VOM,METEC_2_PL1X3,2024-01-01,0\n", ""), sender="iso.admin")
    run = calculate()
    named = CostViolation.objects.get(run=run, code="RMR-E-0065R")
    assert (named.unit, named.severity) == ("METEC_2_PL1X3", "error")
    assert named.message == (
        "No VOM rate is on file, of the resource or common. No bid is calculated. Send the file "
        "GMC, VOM and power rates, also where the rate is 0."
    )
    assert not DebSegment.objects.filter(run=run, unit="METEC_2_PL1X3").exists()
    assert DebSegment.objects.filter(run=run, unit="SUNSET_2_UNITS").exists()
    load("cost-rates", RATES.replace("GMC,,2024-01-01,0.35\n", ""), sender="iso.admin")
    run = calculate()
    assert not DebSegment.objects.filter(run=run).exists()
    lacking = CostViolation.objects.filter(run=run, message__startswith="No GMC rate")
    assert lacking.filter(unit="WASTE_1_UNIT").count() == 1


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0065", "BRQ-0066")
def test_without_an_allowance_price_only_energy_without_allowances_has_a_bid(
    costs_on_file, calculate
):
    """The first allowance price is of 1 September 2024; WASTE has no heat rates and no GHG."""
    run = calculate(date(2024, 8, 30))
    assert set(DebSegment.objects.filter(run=run).values_list("unit", flat=True)) == {
        "WASTE_1_UNIT"
    }
    named = CostViolation.objects.filter(run=run, code="RMR-E-0065G")
    assert "SUNSET_2_UNITS" in set(named.values_list("unit", flat=True))


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0065", "BRQ-0066")
def test_a_file_of_points_names_each_cell_that_does_not_fit_the_fuel(costs_on_file, send):
    changed = (
        POINTS.replace("GRNLF2_1_UNIT,,1,10,9800,", "GRNLF2_1_UNIT,,1,10,9800,95")
        .replace("SUNSET_2_UNITS,,2,200,7500,", "SUNSET_2_UNITS,,2,200,,70")
        .replace("METEC_2_PL1X3,,1,150,8200,", "METEC_2_PL1X3,,1,150,,80")
        .replace("METEC_2_PL1X3,,2,300,7000,", "METEC_2_PL1X3,,2,300,,80")
        .replace("METEC_2_PL1X3,,3,597.05,7100,", "METEC_2_PL1X3,,3,597.05,,80")
        .replace("WASTE_1_UNIT,,2,40,,62.00", "WASTE_1_UNIT,,2,40,9000,62.00")
    )
    found = send("heat-rate-points", changed, sender="iso.admin").violations.all()
    assert {f.severity for f in found} == {"warning"}
    assert sorted((f.code, f.line, f.column) for f in found) == [
        ("PL-BLANK", 5, "AVG_HEAT_RATE_BTU_KWH"),  # said once for the column
        ("RMR-W-0065C", 2, "AVG_COST_USD_MWH"),
        ("RMR-W-0065C", 5, "AVG_COST_USD_MWH"),
        ("RMR-W-0065F", 5, "AVG_HEAT_RATE_BTU_KWH"),
        ("RMR-W-0065F", 10, "AVG_HEAT_RATE_BTU_KWH"),
        ("RMR-W-0065F", 12, "AVG_HEAT_RATE_BTU_KWH"),
        ("RMR-W-0065H", 7, ""),
    ]
    (said,) = [f.message for f in found if (f.code, f.line) == ("RMR-W-0065C", 2)]
    assert said == (
        "GRNLF2_1_UNIT is GAS, priced by heat rates and its gas index: AVG_COST_USD_MWH 95 is not "
        "used. Leave it blank, or correct FUEL_TYPE."
    )


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0065", "BRQ-0066")
def test_a_master_file_names_a_fuel_that_does_not_fit_the_curves(costs_on_file, send):
    changed = MASTER.replace("N,N,WASTE,N,N", "N,N,GAS,N,N").replace(
        "Y,N,GAS,N,N,,PGE-TAC", "Y,N,WASTE,N,N,,PGE-TAC"
    )
    sent = send("master-file", changed, sender="iso.admin", options={"as_of": "2024-01-01"})
    found = [f for f in sent.violations.all() if f.column == "FUEL_TYPE"]
    assert sorted((f.code, f.line, f.value, f.severity) for f in found) == [
        ("RMR-W-0065H", 10, "GAS", "warning"),
        ("RMR-W-0065N", 3, "WASTE", "warning"),
    ]


@pytest.mark.django_db
def test_a_manifest_counts_what_was_read(costs_on_file, calculate):
    run = calculate()
    said = {i.name: len(i.term_ids) for i in run.inputs.filter(dataset_version__isnull=True)}
    assert (said["gas indexes"], said["rates"]) == (2, 7)
    assert said["RMR contracts"] > 0


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0523")
def test_an_upward_transition_of_which_nothing_is_on_file_has_no_cost(
    costs_on_file, calculate, load
):
    bare = CONFIGURATIONS.replace("2X1,50,120,N,2500,60", "2X1,50,120,N,,60")
    load("msg-configurations", bare, sender="iso.admin")
    given = COMMITMENT.replace("SYN_MESA_2_CC,1X1,2X1,30,,,Y,,\n", "")
    load("commitment-inputs", given, sender="iso.admin", options={"as_of": "2024-01-01"})
    run = calculate()
    rows = CommitmentCostLine.objects.filter(run=run, unit="SYN_MESA_2_CC", cost_type="TRANSITION")
    assert [(r.config, r.to_config) for r in rows] == [("2X1", "1X1")]
    said = CostViolation.objects.filter(run=run, unit="SYN_MESA_2_CC", severity="error")
    assert (
        "The transition 1X1 to 2X1 lacks fuel (FUEL_MMBTU), MMA and opportunity cost, so it has no "
        "proxy cost."
    ) in said.values_list("message", flat=True)

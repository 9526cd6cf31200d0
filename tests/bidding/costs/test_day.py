"""A trade date's costs, from files to rows: bids, transitions, commitment, violations."""

from datetime import date
from decimal import Decimal

import pytest

from apps.bidding.costs.models import CommitmentCostLine, CostViolation, DebSegment, TransitionCost
from tests.bidding.costs.conftest import DAY

pytestmark = pytest.mark.django_db
D = Decimal


def bid(run, unit):
    rows = DebSegment.objects.filter(run=run, unit=unit).order_by("segment_no")
    return [(r.from_mw, r.to_mw, r.published) for r in rows]


@pytest.mark.brq("BRQ-0063", "BRQ-0065", "BRQ-0066", "BRQ-0076")
def test_bids_of_a_day_are_those_of_the_rule_book(costs_on_file, calculate):
    run = calculate()
    # METEC is RMR: scalar 1; its second segment is 7200, its first 5800
    assert bid(run, "WASTE_1_UNIT") == [
        (D(20), D(40), D("68.37")),
        (D(40), D(55), D("69.65")),
    ]  # 1.10 × 62.15 and 63.3167: no RMR resource
    first = DebSegment.objects.get(run=run, unit="SUNSET_2_UNITS", segment_no=1)
    assert (first.heat_rate, first.fuel, first.ghg) == (D(7000), D("24.5"), D("6.512713"))
    assert (first.before, first.published, first.scalar) == (D("34.162713"), D("34.16"), 1)
    assert first.fuel_price_date == DAY


@pytest.mark.brq("BRQ-0062")
def test_opportunity_cost_enters_only_where_eligible(costs_on_file, calculate, load):
    load(
        "cost-adders",
        "RESOURCE_ID,ADDER,CONFIG_ID,TO_CONFIG,AMOUNT_USD,ORIGIN,EFFECTIVE_FROM,EFFECTIVE_TO,"
        "SOURCE\nSUNSET_2_UNITS,OC_ENERGY,,,4.00,CALCULATED,2024-01-01,,study\n"
        "GRNLF2_1_UNIT,OC_ENERGY,,,4.00,CALCULATED,2024-01-01,,study\n",
        sender="iso.admin",
    )
    run = calculate()
    assert bid(run, "SUNSET_2_UNITS")[0] == (D(100), D(200), D("38.16"))
    assert not DebSegment.objects.filter(run=run, unit="GRNLF2_1_UNIT", oc__gt=0).exists()


@pytest.mark.brq("APP-5", "BRQ-0097", "BRQ-0098")
def test_appendix_5_comes_out_exactly(costs_on_file, calculate):
    run = calculate()
    rows = TransitionCost.objects.filter(run=run, unit__startswith="APP5")
    said = {(r.unit[-1], r.from_config + r.to_config): r.mma for r in rows}
    assert said == {
        ("A", "AB"): D(2500),
        ("A", "BC"): D(3500),
        ("A", "BD"): D(2500),
        ("B", "AB"): D(4000),
        ("B", "BC"): None,
        ("B", "BD"): None,
        ("B", "CE"): None,
        ("C", "AB"): None,
    }
    assert all(r.broadcast == (r.mma is not None) for r in rows)


@pytest.mark.brq("BRQ-0523", "BRQ-0093")
def test_commitment_costs_are_those_of_the_algorithm_page(costs_on_file, calculate):
    run = calculate()
    start = CommitmentCostLine.objects.get(run=run, unit="GRNLF2_1_UNIT", cost_type="START_UP")
    # 120 × (3.50 + 0.053165 × 17.50) + 2 × 40
    assert (start.amount, start.power) == (D("611.65"), D(80))
    least = CommitmentCostLine.objects.get(run=run, unit="GRNLF2_1_UNIT", cost_type="MIN_LOAD")
    # 10 × (9.8 × 4.4303875 + 3.15)
    assert least.amount == D("465.68")
    step = CommitmentCostLine.objects.get(
        run=run, unit="SYN_MESA_2_CC", cost_type="TRANSITION", to_config="2X1"
    )
    # 30 MMBtu × (1.90 + 0.053165 × 17.50) + MMA 1500
    assert step.amount == D("1584.91")
    starts = CommitmentCostLine.objects.filter(run=run, unit="SYN_MESA_2_CC", cost_type="START_UP")
    assert [s.config for s in starts] == ["1X1"]


@pytest.mark.brq("BRQ-0065")
def test_a_resource_without_a_price_leaves_the_others_alone(costs_on_file, calculate, load):
    load(
        "fuel-regions",
        "Fuel Region,Pricing Hub,Cap & Trade Credit,Balancing Authority\n"
        "FRPGE2GHG,PG&E Citygate,Y,CISO\n",
        sender="iso.admin",
    )
    run = calculate(date(2024, 9, 20))
    found = CostViolation.objects.filter(run=run)
    assert found.filter(code="RMR-E-0065E", unit="OAK C_7_UNIT 1").exists()
    assert found.filter(code="RMR-W-0065", unit="PGE_CITYGATE").exists()
    assert DebSegment.objects.filter(run=run, unit="SUNSET_2_UNITS", stale=True).exists()
    assert run.totals["violations"] == str(found.count())


@pytest.mark.brq("BRQ-0065")
def test_liquid_fuel_is_one_more_index(costs_on_file, calculate):
    run = calculate()
    row = DebSegment.objects.get(run=run, unit="OAK C_7_UNIT 1")
    assert (row.fuel_index, row.fuel_price) == ("DISTILLATE", D("17.25"))


@pytest.mark.brq("BRQ-0093")
def test_registered_cost_of_an_rmr_resource_is_refused(costs_on_file, send):
    upload = send(
        "commitment-inputs",
        "RESOURCE_ID,FUEL_MMBTU,STARTUP_BASIS\nGRNLF2_1_UNIT,120,REGISTERED\n",
        sender="iso.admin",
        options={"as_of": "2024-01-01"},
    )
    assert [(f.code, f.line) for f in upload.violations.all()] == [("RMR-E-0093", 2)]


def test_the_same_inputs_give_the_same_run_and_bytes(costs_on_file, calculate):
    one = calculate()
    assert calculate().pk == one.pk
    other = calculate(date(2024, 9, 5))
    assert other.version == 1


@pytest.mark.brq("BRQ-0097")
def test_a_day_that_was_missed_is_caught_up(costs_on_file, calculate, now):
    from datetime import timedelta

    from apps.bidding.costs.services import due_days
    from apps.platform.core.tradetime import PACIFIC

    today = now.astimezone(PACIFIC).date()
    assert due_days(now) == [today, today + timedelta(days=1)]
    calculate(today - timedelta(days=4))
    assert due_days(now) == [today + timedelta(days=n) for n in range(-3, 2)]


def test_a_price_taken_back_by_a_later_version_holds_no_longer(costs_on_file, calculate, load):
    head = "FUEL_INDEX,PRICE_DATE,USD_MMBTU\n"
    load("fuel-prices", head + "DISTILLATE,2024-09-03,19\nJET,2024-09-03,20\n", sender="iso.admin")
    load("fuel-prices", head + "JET,2024-09-03,20\n", sender="iso.admin")
    run = calculate()
    row = DebSegment.objects.get(run=run, unit="OAK C_7_UNIT 1")
    assert (row.fuel_price, row.fuel_price_date) == (D("17.25"), date(2024, 9, 1))


@pytest.mark.brq("BRQ-0065")
def test_a_curve_that_cannot_be_leaves_the_others_alone(costs_on_file, calculate, load):
    from tests.bidding.costs.files import POINTS

    odd = POINTS + "APP5_A,X,1,0,9000,\nAPP5_B,X,1,1,999999999,\n"
    load("heat-rate-points", odd, sender="iso.admin")
    run = calculate()
    found = CostViolation.objects.filter(run=run, code="RMR-E-0065D")
    assert {f.unit for f in found} == {"APP5_A X", "APP5_B X"}
    assert bid(run, "SUNSET_2_UNITS")

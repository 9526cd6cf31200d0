"""Cost rules against the worked numbers and a slow exact oracle of their own."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bidding.costs.rules import (
    Configuration,
    CurvePrice,
    HeatPrice,
    Point,
    check_points,
    energy_bid,
    energy_threshold,
    evaluate_transitions,
    min_load_cost,
    opportunity_cost_eligible,
    reference_change_violations,
    start_up_cost,
)
from apps.platform.core.calculator import Refused
from apps.site.calculators.services import calculate

D = Decimal
GAS = {
    "points": [
        {"mw": "100", "avg_heat_rate_btu_kwh": "8000"},
        {"mw": "200", "avg_heat_rate_btu_kwh": "7500"},
        {"mw": "300", "avg_heat_rate_btu_kwh": "7600"},
    ],
    "gas_price_usd_mmbtu": "3.50",
    "gmc_usd_mwh": "0.35",
    "vom_usd_mwh": "2.80",
    "oc_energy_usd_mwh": "4.00",
    "oc_eligible": True,
    "co2e_t_mmbtu": "0.053165",
    "allowance_usd_t": "17.50",
}


def run(name, body):
    import json

    return calculate(name=name, text=json.dumps(body))


def prices(name, body):
    return [s["deb_usd_mwh"] for s in run(name, body)["segments"]]


@pytest.mark.brq("BRQ-0065", "BRQ-0063")
def test_gas_bids_are_those_of_the_rule_book():
    assert prices("gas-deb", GAS) == ["38.1627", "41.7070"]
    assert prices("gas-deb", GAS | {"oc_eligible": False}) == ["34.1627", "37.7070"]
    first = run("gas-deb", GAS)["segments"][0]
    # brackets as the specification prints them would give 1,492,000
    assert first["incremental_heat_rate_btu_kwh"] == "7000"


@pytest.mark.brq("BRQ-0066")
def test_other_fuels_take_the_incremental_average_cost():
    body = {
        "points": [
            {"mw": "20", "avg_cost_usd_mwh": "65.00"},
            {"mw": "40", "avg_cost_usd_mwh": "62.00"},
            {"mw": "55", "avg_cost_usd_mwh": "61.50"},
        ],
        "gmc_usd_mwh": "0.35",
        "vom_usd_mwh": "2.80",
        "oc_energy_usd_mwh": "0",
        "oc_eligible": False,
        "co2e_t_mmbtu": "0",
        "allowance_usd_t": "0",
    }
    assert prices("non-gas-deb", body) == ["62.1500", "63.3167"]
    hot = [p | {"avg_heat_rate_btu_kwh": "10000"} for p in body["points"]]
    with_ghg = body | {"points": hot, "co2e_t_mmbtu": "0.05", "allowance_usd_t": "20"}
    assert prices("non-gas-deb", with_ghg) == ["72.1500", "73.3167"]
    with pytest.raises(
        Refused, match="heat rate at every point or at none"
    ):  # heat rates at some points would lose the allowances
        run("non-gas-deb", with_ghg | {"points": [*hot[:2], body["points"][2]]})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"points": [{"mw": "1", "avg_heat_rate_btu_kwh": "8"}] * 2}, "RMR-E-0065A"),
        ({"points": list(reversed(GAS["points"]))}, "RMR-E-0065C"),
        ({"points": []}, "RMR-E-0065B"),
        ({"points": [{"mw": "0", "avg_heat_rate_btu_kwh": "8000"}]}, "RMR-E-0065D"),
        ({"points": [{"mw": "1", "avg_heat_rate_btu_kwh": "99999999"}]}, "RMR-E-0065D"),
        ({"points": [{"mw": "1"}]}, "RMR-E-0065F"),
        ({"points": [{"mw": "-1", "avg_heat_rate_btu_kwh": "8"}]}, "CALC-RANGE"),
        ({"gmc_usd_mwh": "0.1234567"}, "CALC-DECIMALS"),
        ({"oc_eligible": "yes"}, "CALC-BOOL"),
        ({"gas_price_usd_mmbtu": None}, "CALC-NUMBER"),
        ({"points": [{"mw": "1", "wind": "2"}]}, "CALC-UNKNOWN"),
    ],
)
def test_wrong_curves_are_refused_with_their_code(change, code):
    with pytest.raises(Refused) as caught:
        run("gas-deb", GAS | change)
    assert code in {f.code for f in caught.value.violations}


def test_one_point_is_one_flat_step():
    (only,) = run("gas-deb", GAS | {"points": GAS["points"][:1]})["segments"]
    assert (only["from_mw"], only["to_mw"]) == ("0", "100")
    assert only["incremental_heat_rate_btu_kwh"] == "8000"


def oracle(points, price):
    """The same bid in exact fractions, read from the rule book, sharing nothing with the rule."""
    pairs = list(pairwise(points)) or [(Point(0, points[0].heat_rate, None), points[0])]
    done = []
    for low, high in pairs:
        mw = [Fraction(p.mw, 10_000) for p in (low, high)]
        rate = [Fraction(p.heat_rate, 10_000) for p in (low, high)]
        heat = (rate[1] * mw[1] - rate[0] * mw[0]) / (mw[1] - mw[0]) / 1000
        fuel = heat * Fraction(price.fuel, 10**6)
        ghg = heat * Fraction(price.emission, 10**8) * Fraction(price.allowance, 10**6)
        flat = Fraction(price.gmc + price.vom + price.oc, 10**6)
        value = (fuel + ghg + flat) * Fraction(price.scalar, 10_000)
        raised = bool(done) and value < done[-1][0]
        done.append((max(value, done[-1][0]) if done else value, raised))
    return done


curves = st.lists(
    st.tuples(st.integers(1, 9_999_999), st.integers(0, 300_000_000)),
    min_size=1,
    max_size=11,
    unique_by=lambda p: p[0],
)
small = st.integers(0, 60_000_000)


@pytest.mark.brq("BRQ-0065")
@given(curves, small, st.integers(0, 20_000_000), small, small, st.sampled_from([10_000, 11_000]))
def test_the_fast_rule_agrees_with_the_oracle(raw, fuel, emission, allowance, gmc, scalar):
    points = [Point(mw, rate, None) for mw, rate in sorted(raw)]
    assert check_points(points, with_fuel=True) == []
    price = CurvePrice(fuel, emission, allowance, gmc, 2_800_000, 0, scalar)
    done = energy_bid(points, price)
    for segment, (value, raised) in zip(done, oracle(points, price), strict=True):
        assert abs(Fraction(segment.deb, 10**6) - value) <= Fraction(1, 2 * 10**6)
        assert abs(Fraction(segment.published, 10**6) - value) <= Fraction(1, 200)
        assert segment.adjusted == raised
    assert [s.deb for s in done] == sorted(s.deb for s in done)


@pytest.mark.brq("BRQ-0064", "BRQ-0091")
def test_the_threshold_of_the_rule_book():
    price = CurvePrice(3_500_000, 5_316_500, 17_500_000, 350_000, 2_800_000, 4_000_000)
    points = [Point(1_000_000, 80_000_000, None), Point(2_000_000, 75_000_000, None)]
    segments = energy_bid(points, price)
    found = energy_threshold(segments, price, volatility=Fraction(1), headroom=Fraction(11, 10))
    assert round(float(found), 4) == 41.9790
    more = energy_threshold(segments, price, volatility=Fraction(5, 4), headroom=Fraction(11, 10))
    assert round(float(more), 2) == 48.72


@pytest.mark.brq("APP-5", "BRQ-0097", "BRQ-0098")
def test_edges_of_upward_transitions():
    def cost(low, high, pmax=(100, 200)):
        held = {
            "A": Configuration("A", D(pmax[0]), None if low is None else D(low)),
            "B": Configuration("B", D(pmax[1]), None if high is None else D(high)),
        }
        (done,), _ = evaluate_transitions(held, [("A", "B")])
        return done.recorded, done.mma_transition, done.broadcast

    assert cost(6000, 3500) == (True, 0, True)
    assert cost(0, 2500) == (True, 2500, True)
    assert cost(None, 2500) == (True, None, False)
    assert cost(1000, 2500, (200, 200)) == (False, None, False)
    assert cost(1000, 2500, (200, 100)) == (False, None, False)


@pytest.mark.brq("APP-5")
def test_the_calculator_names_unknown_configurations():
    body = {
        "configurations": [{"id": "A", "pmax_mw": "1", "mma_startup_usd": None}],
        "transitions": [{"from": "A", "to": "B"}],
    }
    with pytest.raises(Refused) as caught:
        run("mma-transitions", body)
    assert [f.code for f in caught.value.violations] == ["RMR-E-0097"]


@pytest.mark.brq("BRQ-0523")
def test_commitment_costs_of_the_algorithm_page():
    heat = HeatPrice(D("3.50"), D("0.053165") * D("17.50"))
    start = start_up_cost(
        fuel_mmbtu=D(120), heat=heat, power_mwh=D(2), power_price=D(40), mma=D(1500), oc=D(0)
    )
    assert (start.exact, start.cents) == (D("2111.6465"), 211165)
    least = min_load_cost(
        pmin_mw=D(20), heat_rate=D(9800), heat=heat, om=D("3.15"), mma=D(40), oc=D(0)
    )
    assert least.cents == 97136


@pytest.mark.brq("BRQ-0062", "BRQ-0090")
def test_who_is_eligible():
    from datetime import date

    assert opportunity_cost_eligible(use_limited=True, condition="1")
    assert not opportunity_cost_eligible(use_limited=True, condition="2")
    assert not opportunity_cost_eligible(use_limited=False, condition=None)
    live = date(2021, 2, 1)
    early = reference_change_violations(condition="2", trade_date=date(2021, 1, 31), go_live=live)
    assert [f.code for f in early] == ["RMR-E-0090B", "RMR-E-0090"]
    assert reference_change_violations(condition="1", trade_date=live, go_live=live) == []


def test_a_calculator_rounds_once_from_the_exact_price():
    """5.0000495000049 $/MWh is 5.000050 to six decimals, which would make 5.0001 of four."""
    body = GAS | {
        "points": [{"mw": "1", "avg_heat_rate_btu_kwh": "1000.0001"}],
        "gas_price_usd_mmbtu": "5.000049",
        "gmc_usd_mwh": "0",
        "vom_usd_mwh": "0",
        "oc_eligible": False,
        "co2e_t_mmbtu": "0",
    }
    assert prices("gas-deb", body) == ["5.0000"]

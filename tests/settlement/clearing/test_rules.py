"""Worked numbers and properties of recovery, default, default loss and liability."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.calculator import Refused
from apps.settlement.clearing.rules import (
    DEFAULT_LOSS,
    DEFAULT_WATERFALL,
    LIABILITY,
    Measures,
    give_back,
    loss_shares,
    waterfall,
)
from apps.settlement.clearing.rules.default import MoreThanOwed
from apps.settlement.cost_recovery.rules import FUEL_RECOVERY, recovered


@pytest.mark.brq("BRQ-1275")
@pytest.mark.parametrize(
    ("lmp", "literal", "uncovered"),
    [
        ("42.00", "-1900.00", "-2450.00"),
        ("60.00", "-4350.00", "0.00"),
        ("35.00", "0.00", "-4350.00"),
    ],
)
def test_worked_recovery(lmp, literal, uncovered):
    body = {"mwh": "500", "basis_usd": "38.20", "actual_usd": "46.90", "rt_lmp_usd": lmp}
    assert FUEL_RECOVERY.calculate(body | {"rule": "LITERAL"}) == {"amount_usd": literal}
    assert FUEL_RECOVERY.calculate(body | {"rule": "UNCOVERED"}) == {"amount_usd": uncovered}


price = st.fractions(-100, 1000, max_denominator=10**6)


@pytest.mark.brq("BRQ-1275")
@given(mwh=st.fractions(0, 500), basis=price, actual=price, lmp=price)
def test_both_readings_together_cover_what_is_above_the_basis_and_no_more(mwh, basis, actual, lmp):
    prices = {"basis": basis, "actual": actual, "lmp": lmp}
    one, other = (recovered(mwh, **prices, reading=r) for r in ("LITERAL", "UNCOVERED"))
    above = mwh * max(Fraction(0), actual - basis)
    assert 0 <= one <= above
    assert one + other == above


@pytest.mark.brq("BRQ-1401", "BRQ-1400")
def test_the_worked_loss_and_waterfall():
    assert DEFAULT_LOSS.calculate(DEFAULT_LOSS.example) == {
        "shares": {"A": "111250.00", "B": "95000.00", "C": "43750.00"}
    }
    assert DEFAULT_WATERFALL.calculate(DEFAULT_WATERFALL.example) == {
        "security_drawn_usd": "60000.00",
        "reserve_drawn_usd": "10000.00",
        "shortfall_usd": "30000.00",
        "short_paid": {"SC_A": "20000.00", "SC_B": "10000.00"},
        "returned": {"SC_A": "10000.00", "SC_B": "5000.00"},
    }


@pytest.mark.brq("BRQ-1402")
def test_the_worked_liability():
    found = LIABILITY.calculate(LIABILITY.example)
    assert (found["eal_usd"], found["collateral_required_usd"]) == ("6460000.00", "460000.00")
    assert found["components"]["PROJECTED_RMR"] == "810000.00"
    bare = {k: v for k, v in LIABILITY.example.items() if k != "projected_rmr"}
    without = LIABILITY.calculate(bare)
    assert (without["eal_usd"], without["collateral_required_usd"]) == ("5650000.00", "0.00")


cents = st.integers(0, 10**9)


@pytest.mark.brq("BRQ-1401")
@given(
    default=cents,
    security=cents,
    reserve=cents,
    creditors=st.dictionaries(st.text(min_size=1, max_size=3), cents, max_size=6),
    receipt=cents,
)
def test_a_default_is_met_to_the_cent_and_nobody_loses_more_than_he_is_owed(
    default, security, reserve, creditors, receipt
):
    try:
        met = waterfall(default, security=security, reserve=reserve, creditors=creditors)
    except MoreThanOwed:
        assert default - security - reserve > sum(creditors.values())
        return
    assert met.security + met.reserve + met.shortfall == default
    assert sum(met.short_paid.values()) == met.shortfall
    assert all(0 <= part <= creditors[sc] for sc, part in met.short_paid.items())
    back = give_back(receipt, met.short_paid)
    assert sum(back.values()) == min(receipt, met.shortfall)
    assert all(0 <= part <= met.short_paid[sc] for sc, part in back.items())


figure = st.fractions(0, 10**6, max_denominator=100)


@pytest.mark.brq("BRQ-1401")
@given(loss=cents, rows=st.lists(st.tuples(figure, figure, figure), min_size=1, max_size=5))
def test_a_loss_is_shared_to_the_cent(loss, rows):
    measures = [Measures(f"SC{n}", *row) for n, row in enumerate(rows)]
    if not any(any(row) for row in rows):
        return
    assert sum(loss_shares(loss, measures).values()) == loss


@pytest.mark.brq("BRQ-1275", "BRQ-1401", "BRQ-1402")
@pytest.mark.parametrize(
    ("calculator", "change"),
    [
        (FUEL_RECOVERY, {"rule": "OTHER"}),
        (FUEL_RECOVERY, {"mwh": "-1"}),
        (FUEL_RECOVERY, {"mwh": 5}),
        (DEFAULT_WATERFALL, {"creditors": {"A": "1.00"}}),
        (DEFAULT_WATERFALL, {"default_usd": "-1.00"}),
        (DEFAULT_WATERFALL, {"creditors": []}),
        (DEFAULT_WATERFALL, {"receipt_usd": "0.001"}),
        (DEFAULT_LOSS, {"scs": []}),
        (DEFAULT_LOSS, {"scs": [5]}),
        (LIABILITY, {"projected_rmr": [{"days": "1.5"}]}),
        (LIABILITY, {"days_not_calculated": "500"}),
        (LIABILITY, {"unknown": "1"}),
    ],
)
def test_bad_input_is_refused_with_a_sentence(calculator, change):
    with pytest.raises(Refused) as trouble:
        calculator.calculate({**calculator.example, **change})
    assert all(violation.message for violation in trouble.value.violations)

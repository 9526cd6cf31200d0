"""What an SC is told of a share: sums of enough SCs, a rate otherwise, always to the cent."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.quantity import MWH
from apps.platform.core.shares import split_cents
from apps.settlement.settlements.rules.demand import Load
from apps.settlement.settlements.rules.replaying import demand_out
from apps.settlement.settlements.rules.share_formulas import _shared
from apps.settlement.settlements.rules.telling import least_above, too_few
from apps.settlement.settlements.selectors import withholding
from apps.settlement.settlements.selectors.sharers import DEMAND, MEASURED, REQUIREMENT, Sharers

pytestmark = pytest.mark.brq("BRQ-1230")


def formula(total, weights, sc, *, few):
    return _shared(total, weights, sc, what="amount", by="demand", unit="MWh", scale=10**4, few=few)


def test_the_worked_rate_has_as_many_decimals_as_the_cents_need():
    """The worked example of docs/algorithms/settlement-desk.md."""
    weights = {"A": 20_000_000, "B": 13_333_333}
    for sc, rate, usd in (("A", "0.300001", "600.00"), ("B", "0.300000004", "400.00")):
        told = formula(100_000, weights, sc, few=True)
        text = {n.symbol: n.text for n in told.numbers}
        assert text["Rate"] == rate
        assert str(told.worked_out()) == usd
        assert not {"Total", "All"} & set(text)


@given(
    st.integers(-(10**9), 10**9),
    st.dictionaries(st.text("ABC", min_size=1, max_size=3), st.integers(1, 10**9), min_size=1),
    st.booleans(),
)
def test_every_part_comes_out_to_the_cent_by_rate_and_by_sum(total, weights, few):
    parts = split_cents(total, weights)
    for sc, cents in parts.items():
        assert formula(total, weights, sc, few=few).worked_out() * 100 == cents


@given(st.fractions(0, 10**6), st.fractions(0, 10**6), st.integers(1, 6))
def test_a_shown_decimal_is_not_below_and_keeps_the_whole_cents(value, times, places):
    told = Fraction(least_above(value, times, places))
    assert told >= value
    assert floor(told * times) == floor(value * times)


def load_of(**areas):
    """Return demand of 1 of each SC in each TAC area, written as the letters of the SCs."""
    return {(sc, tac): 1 for tac, scs in areas.items() for sc in scs}


@pytest.mark.parametrize(
    ("cells", "areas", "reader", "few"),
    [
        (load_of(P="ABC"), ("P",), "A", False),
        (load_of(P="AB") | {("C", "P"): 0}, ("P",), "A", True),  # nothing is no share
        (load_of(P="AB", S="C"), ("P",), "A", True),
        # all less P, which A is told, is what A and B have in S, and A knows its own
        (load_of(P="ABC", S="AB"), (), "A", True),
        # what is left after P is of three
        (load_of(P="ABC", S="AB", M="BC"), (), "A", False),
        # all less P, S and M is of D alone; who has no demand in M is not told the sum of M
        (load_of(P="ABC", S="ABC", M="ABC", V="D"), (), "A", True),
        (load_of(P="ABC", S="ABC", M="EFG", V="D"), (), "A", False),
        (load_of(P="ABC", S="ABC"), (), "A", False),
    ],
)
def test_a_sum_is_told_where_it_tells_nobody_elses(cells, areas, reader, few):
    assert too_few(cells, areas, reader, 3) is few
    assert too_few(cells, areas, reader, 1) is False


def test_a_kit_has_others_demand_where_enough_share_it():
    cells = {("A", "P"): 5, ("B", "P"): 6, ("C", "P"): 7, ("A", "S"): 1, ("B", "S"): 2}
    cells |= {("B", "M"): 3, ("C", "M"): 3, ("D", "M"): 3}
    load = Load(cells, {"A": 1, "B": 2, "C": 3, "D": 4}, {"P": 1, "S": 2, "M": 3})
    told = {(code, tac): mwh for code, tac, mwh in demand_out(load, "A", 3)["cells"]}
    assert told == {
        ("A", "P"): 5,
        ("A", "S"): 1,
        ("~OTHERS", "P"): 13,
        ("~OTHERS", "S"): None,
        ("~OTHERS", "M"): None,
    }


A, B, C, D = 1, 2, 3, 4
MANY = {(A, 8): 40, (B, 8): 30, (C, 9): 20, (D, 9): 10}
ED = {
    ("ED-IIE-ALLOC", None): {A: 5, B: 3},
    ("ED-TR-ALLOC", 11): {A: 30, B: 10},
    ("ED-TR-ALLOC", 12): {A: 3, B: 1, C: 1},
    ("ED-TR-ALLOC", None): {A: 40, B: 30, C: 20, D: 10},
}


@pytest.mark.parametrize(
    ("code", "resource", "area", "whole", "basis", "withheld"),
    [
        ("ED-IIE-ALLOC", None, None, 8, MEASURED, True),
        ("ED-TR-ALLOC", 11, None, 40, REQUIREMENT, True),
        ("ED-TR-ALLOC", 12, None, 5, REQUIREMENT, False),
        ("ED-TR-ALLOC", None, None, 100, DEMAND, False),
        ("ED-EMR-ALLOC", None, None, 100, DEMAND, False),
        ("RMR-PEN-ALLOC", 11, 8, 70, DEMAND, True),
        ("RMR-PEN-ALLOC", 11, 8, 100, DEMAND, False),
    ],
)
def test_a_sum_is_withheld_by_who_shares_the_line(
    monkeypatch, code, resource, area, whole, basis, withheld
):
    """Though four SCs have demand; a penalty of a local contract is shared in its area alone."""
    monkeypatch.setattr(withholding, "fewest_sharers", lambda: 3)
    sharers = Sharers(None)
    vars(sharers).update(demand=MANY, _parts=ED)
    assert sharers.basis_of(code, resource) is basis
    stored = MWH.from_scaled(whole)
    asked = withholding.Withheld(None, A, sharers).of_charge(code, resource, area, stored)
    assert asked is withheld

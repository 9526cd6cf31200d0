"""Gas by interval, properties of both readings, and the strict reading of items."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.quantity import MW, MWH, USD_PER_MWH
from apps.settlement.cost_recovery.rules import Claim, Interval, read_items, recoverable
from apps.settlement.cost_recovery.rules.recoverable import basis_at

pytestmark = pytest.mark.brq("BRQ-1275")


def claim(cents, *, kind="GAS", first=1, last=25, basis=None):
    return Claim(7, 1, kind, 1, first, last, cents, basis)


def at(hour, number, mwh, lmp):
    return Interval(hour, number, MWH.to_scaled(mwh), USD_PER_MWH.to_scaled(lmp))


FIVE_HUNDRED = [at(h, 1, "50", "42.00") for h in range(8, 18)]


@pytest.mark.parametrize(
    ("lmp", "literal", "uncovered"), [("42", 1900, 2450), ("60", 4350, 0), ("35", 0, 4350)]
)
def test_the_worked_example_by_interval(lmp, literal, uncovered):
    energy = [at(h, 1, "50", lmp) for h in range(8, 18)]
    one = claim(23_450_00, basis=Fraction("38.20"))
    for reading, expected in (("LITERAL", literal), ("UNCOVERED", uncovered)):
        found = recoverable(one, energy, [], reading)
        assert found.usd == expected
        assert found.actual == Fraction("46.90")
        assert len(found.intervals) == 10


def test_hours_energy_and_a_missing_basis():
    only = recoverable(claim(4690, first=9, last=9, basis=Fraction(38)), FIVE_HUNDRED, [])
    assert only.mwh == 50
    nothing = recoverable(claim(100, first=1, last=2, basis=Fraction(1)), FIVE_HUNDRED, [])
    assert (nothing.usd, nothing.cents) == (0, 0)
    unknown = recoverable(claim(100), FIVE_HUNDRED, [])
    assert unknown.usd is None
    pumped = recoverable(claim(100, basis=Fraction(1)), [at(8, 1, "-5", "42")], [])
    assert pumped.usd == 0
    assert recoverable(claim(123, kind="REPAIR"), [], []).usd == Fraction("1.23")


def test_the_basis_is_the_step_that_reaches_the_output():
    steps = [(MW.to_scaled(mw), USD_PER_MWH.to_scaled(p)) for mw, p in (("60", 30), ("120", 40))]
    assert basis_at(MWH.to_scaled("5"), steps) == 30
    assert basis_at(MWH.to_scaled("5.0001"), steps) == 40
    assert basis_at(MWH.to_scaled("99"), steps) == 40
    assert basis_at(1, []) is None


energy = st.lists(
    st.tuples(st.integers(1, 24), st.integers(0, 10**6), st.integers(-(10**8), 10**9)),
    min_size=1,
    max_size=30,
)


@given(rows=energy, cents=st.integers(1, 10**8), basis=st.integers(0, 500), more=st.integers(0, 99))
def test_no_more_than_was_spent_and_dearer_gas_never_recovers_less(rows, cents, basis, more):
    found = [Interval(h, n, mwh, lmp) for n, (h, mwh, lmp) in enumerate(rows)]
    for reading in ("LITERAL", "UNCOVERED"):
        one = recoverable(claim(cents, basis=Fraction(basis)), found, [], reading)
        dearer = recoverable(claim(cents + more, basis=Fraction(basis)), found, [], reading)
        assert 0 <= one.usd <= Fraction(cents, 100)
        assert dearer.usd >= one.usd


@pytest.mark.brq("BRQ-1265", "BRQ-1270")
def test_items_as_people_write_them():
    text = """2024-09-04 HE7-HE22 12450.00 Replacement gas, invoice 77
    2024-09-05, HE3, 5, one hour

    2024-03-10 1.5
    2024-11-03 HE25 2.00"""
    found = read_items(text)
    assert [(i.first_hour, i.last_hour, i.cents, i.what) for i in found] == [
        (7, 22, 1245000, "Replacement gas, invoice 77"),
        (3, 3, 500, "one hour"),
        (1, 23, 150, ""),
        (25, 25, 200, ""),
    ]


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_by_name(text):
    from apps.platform.core.violations import ValidationFailed

    try:
        read_items(text)
    except ValidationFailed as trouble:
        assert all(f.code.startswith("REC-") for f in trouble.violations)

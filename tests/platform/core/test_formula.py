"""A formula is worked out from what is shown, and from nothing else."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.formula import BadFormula, Formula, ShownNumber, evaluate, read, show
from apps.platform.core.money import cents_to_usd
from apps.platform.core.shares import split_cents, turn_of


@pytest.mark.brq("BRQ-1230")
@given(
    total=st.integers(-(10**9), 10**9),
    weights=st.dictionaries(
        st.text(min_size=1, max_size=3), st.integers(0, 10**9), min_size=1
    ).filter(lambda w: sum(w.values()) > 0),
)
def test_a_share_worked_out_alone_is_the_share_of_the_split(total, weights):
    parts = split_cents(total, weights)
    for key, part in parts.items():
        rank, left = turn_of(total, weights, key)
        numbers = {
            "Total": str(cents_to_usd(total)),
            "Own": str(weights[key]),
            "All": str(sum(weights.values())),
            "Rank": str(rank),
            "Left": str(left),
        }
        told = Formula(
            "share(Total, Own, All, Rank, Left)",
            tuple(ShownNumber(n, n, text) for n, text in numbers.items()),
        )
        assert told.worked_out() == cents_to_usd(part)


@given(st.fractions())
def test_a_number_shown_is_read_back_exactly(value):
    assert read(show(value)) == value


def test_written_numbers():
    assert [show(Fraction(n, d)) for n, d in ((1, 3), (5, 4), (-7, 2), (0, 1), (1000, 1))] == [
        "1/3",
        "1.25",
        "-3.5",
        "0",
        "1000",
    ]
    assert read("−1,234.50") == Fraction(-123450, 100)


@pytest.mark.brq("BRQ-1225")
@pytest.mark.parametrize(
    "formula",
    [
        "Price",
        "__import__('os')",
        "a.b",
        "1 if 1 else 0",
        "2 ** 9",
        "cents(1",
        "1/0",
        "open(1)",
        "cents(x=1)",
        "0.1 + 1",
        "True",
    ],
)
def test_a_formula_does_nothing_but_reckon(formula):
    with pytest.raises(BadFormula):
        evaluate(formula, {"a": Fraction(1)})


def test_a_result_ends_on_cents():
    told = Formula(
        "-cents(MW * Price)", (ShownNumber("MW", "", "1.5"), ShownNumber("Price", "", "0.01"))
    )
    assert told.worked_out() == Decimal("-0.02")  # 0.015: half away from zero
    with pytest.raises(BadFormula, match="whole cents"):
        Formula("1 / 3").worked_out()

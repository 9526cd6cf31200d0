"""When an amount is far from another, and how what is found is told: rules alone."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from apps.platform.core.quantity import MW, MWH
from apps.platform.uploads.rules import Limits, Measure, beyond, unlike


def frame(**columns):
    return pl.DataFrame(columns)


MEASURE = Measure("mwh", MWH, "MWH", ("who",))
LIMITS = Limits(Decimal(5), Decimal(20))


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        (1_000_000, 4_999_999, ""),  # below five times
        (1_000_000, 5_000_000, "5 times"),
        (5_000_000, 1_000_000, "1/5 of"),
        (10_000, 100_000, ""),  # ten times, by 9 MWh
        (1_000_000, 1_000_000_000, "1,000 times"),
        (1_000_000, 0, "far from"),
        (0, 1_000_000, "far from"),
        (-1_000_000, 1_000_000, ""),  # amounts, not signs
    ],
)
def test_far_is_a_factor_and_an_amount(was, now, says):
    found = unlike(
        frame(line_no=[2], who=["A"], mwh=[now]),
        frame(who=["A"], mwh=[was]),
        MEASURE,
        LIMITS,
        code="X",
        than="before",
    )
    assert [says in v.message for v in found] == ([True] if says else [])


def test_averages_of_days_of_another_length_are_alike():
    found = unlike(
        frame(line_no=[2], who=["A"], mwh=[1_000_000]),
        frame(who=["A"] * 24, mwh=[1_000_000] * 24),
        MEASURE,
        LIMITS,
        code="X",
        than="before",
    )
    assert found == []


def test_more_than_fifty_are_counted():
    n = 80
    found = unlike(
        frame(line_no=list(range(2, n + 2)), who=[str(i) for i in range(n)], mwh=[10**9] * n),
        frame(who=[str(i) for i in range(n)], mwh=[10**6] * n),
        MEASURE,
        LIMITS,
        code="X",
        than="before",
    )
    assert len(found) == 50
    assert found[-1].message.startswith("31 more are far from what is likely, from row 51 on")


def test_a_bound_that_is_not_known_asks_nothing():
    rows = frame(line_no=[2, 3], who=["A", "B"], mw=[10**9, 10**9], pmax=[None, 10**6])
    found = beyond(
        rows,
        Measure("mw", MW, "MW", ("who",)),
        bound="pmax",
        factor=Decimal("1.5"),
        code="X",
        what="its Pmax of {} MW",
    )
    assert [v.line for v in found] == [3]

"""Which statements may be disputed, until when, and for how much."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.shares import split_cents
from apps.settlement.disputes.rules import disputed_amount, window_of
from apps.settlement.settlements.rules.calendar import runs_of


def window(day, run, published):
    calendar = runs_of(date.fromisoformat(day))
    return window_of(
        run, date.fromisoformat(published), calendar, optional="OPTIONAL", optional_days=22
    )


@pytest.mark.brq("BRQ-1203", "BRQ-1201")
@pytest.mark.parametrize(
    ("day", "run", "published", "until", "change_only"),
    [
        ("2024-09-04", "T+9B", "2024-09-17", None, False),
        ("2024-09-04", "T+70B", "2024-12-16", "2025-01-17", False),
        ("2024-09-04", "T+11M", "2025-08-04", "2025-09-04", True),
        ("2024-09-04", "T+24M", "2026-09-04", None, False),
        ("2024-09-04", "OPTIONAL", "2025-08-04", "2025-09-04", True),
        ("2020-01-15", "T+3B", "2020-01-21", None, False),
        ("2020-01-15", "T+12B", "2020-02-03", "2020-02-24", False),
        ("2020-01-15", "T+55B", "2020-04-03", "2020-05-05", False),
        ("2020-01-15", "T+18M", "2021-07-15", "2021-08-16", True),
        ("2020-01-15", "T+36M", "2023-01-17", None, False),
        ("2024-09-04", "", "2024-09-17", None, False),
        ("2024-09-04", "T+12B", "2024-09-20", None, False),
    ],
)
def test_worked_windows(day, run, published, until, change_only):
    found = window(day, run, published)
    assert (found.until and found.until.isoformat(), found.change_only) == (until, change_only)
    assert found.sentence
    if until:
        assert found.open_on(date.fromisoformat(until))
        assert not found.open_on(date.fromisoformat(until).replace(year=2027))


@pytest.mark.brq("BRQ-1203")
def test_only_the_change_is_open_on_an_incremental_run():
    stated, before = Decimal("-22015.37"), Decimal("-22000.00")
    asked = disputed_amount(stated, before, Decimal("-22000.00"), change_only=True)
    assert asked == Decimal("-15.37")
    with pytest.raises(ValueError, match=r"15\.37"):
        disputed_amount(stated, before, Decimal("-22050.00"), change_only=True)
    assert disputed_amount(stated, before, Decimal(0), change_only=False) == stated
    with pytest.raises(ValueError, match="already"):
        disputed_amount(stated, before, stated, change_only=False)


@pytest.mark.brq("BRQ-1203")
def test_the_worked_effect_on_others():
    assert split_cents(3000, {"B": 30, "C": 20}) == {"B": 1800, "C": 1200}


cents = st.integers(-(10**9), 10**9).map(lambda c: Decimal(c).scaleb(-2))


@pytest.mark.brq("BRQ-1203")
@given(stated=cents, before=cents, should=cents)
def test_what_is_open_in_full_covers_what_is_open_as_change(stated, before, should):
    try:
        asked = disputed_amount(stated, before, should, change_only=True)
    except ValueError:
        return
    assert asked == disputed_amount(stated, before, should, change_only=False)
    assert abs(asked) <= abs(stated - before)

"""Business days of the market, and how to count them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Any

from apps.platform.core.calculator import (
    Calculator,
    Day,
    Inputs,
    Outputs,
    Whole,
    field,
)
from apps.platform.core.rulebook import implements

JUNETEENTH_SINCE = 2021
FIXED = ((1, 1), (7, 4), (11, 11), (12, 25))
FLOATING = ((1, 0, 3), (2, 0, 3), (5, 0, -1), (9, 0, 1), (10, 0, 2), (11, 3, 4))


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    """Return the so-manieth weekday of a month; -1 is the last one."""
    if count < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


@lru_cache(maxsize=512)
def closed_days(year: int) -> frozenset[date]:
    """Return the days of a year on which the market's offices rest, weekends aside.

    Federal holidays where they are observed (a Saturday on the Friday before, a Sunday on the
    Monday after) and the day after Thanksgiving; Juneteenth from 2021. Source: settlement rule book
    11.2 (general knowledge, to be verified; published dates win over these).
    """
    fixed = [date(y, m, d) for y in (year, year + 1) for m, d in FIXED]
    fixed += [date(year, 6, 19)] if year >= JUNETEENTH_SINCE else []
    floating = [_nth(year, *rule) for rule in FLOATING]
    shift = {5: -1, 6: 1}
    found = {day + timedelta(days=shift.get(day.weekday(), 0)) for day in fixed} | set(floating)
    found.add(_nth(year, 11, 3, 4) + timedelta(days=1))
    return frozenset(day for day in found if day.year == year)


def is_business_day(day: date) -> bool:
    """Whether the market's offices are open on a day."""
    return day.weekday() < 5 and day not in closed_days(day.year)


def next_business_day(day: date) -> date:
    """Return the day itself, or the first business day after it."""
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


@implements("BRQ-1201", source="settlement rule book 11.2")
def add_business_days(day: date, count: int) -> date:
    """Return the so-manieth business day after a day, or before it for a negative count.

    Zero gives the day itself, business day or not.
    """
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_business_day(day):
            day += step
    return day


class BusinessDaysInputs(Inputs):
    """A date and how many business days to add."""

    date: Day = field("The day counted from.")
    add: Annotated[int, Whole(-5000, 5000)] = field(
        "How many; below zero counts back.", unit="business days"
    )


class BusinessDaysOutputs(Outputs):
    """The business day."""

    date: Day = field("The business day.")


def business_days(given: BusinessDaysInputs) -> dict[str, Any]:
    """Add business days to a date (see ``add_business_days``)."""
    return {"date": add_business_days(given.date, given.add).isoformat()}


BUSINESS_DAYS = Calculator(
    name="business-days",
    title="Business days",
    meaning="Adds business days to a date: no weekends, federal holidays as observed, nor the day "
    "after Thanksgiving.",
    inputs=BusinessDaysInputs,
    outputs=BusinessDaysOutputs,
    example={"date": "2020-01-15", "add": 3},
    compute=business_days,
    requirements=("BRQ-1201",),
)

"""When a trade date is settled: the runs of its regime, by trade date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.platform.core.calculator import (
    Calculator,
    Day,
    Flag,
    Inputs,
    Outputs,
    Row,
    Text,
    field,
)
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import last_of_month
from apps.reference.market.rules import add_business_days, next_business_day


@dataclass(frozen=True)
class CalendarRule:
    """A run that trade dates of a span have: so many business days (B) or months (M) later."""

    first: date
    last: date | None
    count: int
    unit: str
    disputable: bool
    dispute_days: int
    incremental: bool = False

    @property
    def run(self) -> str:
        """The run's name, such as T+55B."""
        return f"T+{self.count}{self.unit}"


@dataclass(frozen=True)
class ScheduledRun:
    """A run of a trade date, the day it is published, and whether it may be disputed.

    ``incremental``: only the change since the version before may.
    """

    run: str
    day: date
    disputable: bool
    published: bool = False
    dispute_days: int = 0
    incremental: bool = False


B_FROM, A_UNTIL, A_FROM = date(2021, 1, 1), date(2020, 12, 31), date(1998, 1, 1)
RELEASE_TABLE = (
    *(
        CalendarRule(A_FROM, A_UNTIL, count, unit, disputable, days, disputable and unit == "M")
        for count, unit, disputable, days in (
            (3, "B", False, 0),
            (12, "B", True, 14),
            (55, "B", True, 22),
            (9, "M", True, 22),
            (18, "M", True, 22),
            (33, "M", True, 22),
            (36, "M", False, 0),
        )
    ),
    *(
        CalendarRule(B_FROM, None, count, unit, disputable, days, disputable and unit == "M")
        for count, unit, disputable, days in (
            (9, "B", False, 0),
            (70, "B", True, 22),
            (11, "M", True, 22),
            (21, "M", True, 22),
            (24, "M", False, 0),
        )
    ),
)
"""The regimes as the release brings them; a test holds them equal to the table that is loaded."""


def months_after(day: date, count: int) -> date:
    """Return the same day so many months later, or the month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, last_of_month(first).day))


@implements("BRQ-1201", source="settlement rule book 11.1 and 11.2")
def runs_of(
    trade_date: date,
    table: Iterable[CalendarRule] = RELEASE_TABLE,
    published: Mapping[tuple[date, str], date] | None = None,
) -> list[ScheduledRun]:
    """Return the runs of a trade date in order of their days.

    table: rules by trade date; the trade date chooses the regime, not the day of the run.
    published: dates the ISO has published by (trade date, run), which win over computed ones.
    Months roll to the next business day. Source: settlement rule book 11.1, 11.2.
    """
    known = published or {}
    found = []
    for rule in table:
        if rule.first <= trade_date and (rule.last is None or trade_date <= rule.last):
            given = known.get((trade_date, rule.run))
            computed = (
                add_business_days(trade_date, rule.count)
                if rule.unit == "B"
                else next_business_day(months_after(trade_date, rule.count))
            )
            found.append(
                ScheduledRun(
                    rule.run,
                    given or computed,
                    rule.disputable,
                    given is not None,
                    rule.dispute_days,
                    rule.incremental,
                )
            )
    return sorted(found, key=lambda r: r.day)


class SettlementCalendarInputs(Inputs):
    """A trade date."""

    trade_date: Day = field("The trade date; it chooses the regime.")


class CalendarRun(Row, extra="forbid"):
    """A run of the trade date."""

    run: Text = field("Its name.")
    date: Day = field("When it is published.")
    disputable: Flag = field("Whether it may be disputed.")


class SettlementCalendarOutputs(Outputs):
    """The runs of the trade date."""

    runs: list[CalendarRun] = field("In order of their dates.")


def settlement_calendar(given: SettlementCalendarInputs) -> dict[str, Any]:
    """List the runs of a trade date (see ``runs_of``)."""
    return {
        "runs": [
            {"run": r.run, "date": r.day.isoformat(), "disputable": r.disputable}
            for r in runs_of(given.trade_date)
        ]
    }


SETTLEMENT_CALENDAR = Calculator(
    name="settlement-calendar",
    title="Settlement calendar",
    meaning="The runs of a trade date, when each is published, and which may be disputed.",
    inputs=SettlementCalendarInputs,
    outputs=SettlementCalendarOutputs,
    example={"trade_date": "2020-01-15"},
    compute=settlement_calendar,
    requirements=("BRQ-1201",),
)

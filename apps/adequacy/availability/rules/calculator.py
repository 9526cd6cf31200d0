"""The calculator of hourly curtailment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from apps.adequacy.availability.rules.hourly import Piece, hourly_one
from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Day,
    Inputs,
    Number,
    Outputs,
    ReadBy,
    Row,
    Violation,
    field,
    wrong,
)
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import PACIFIC, TradeDay, is_plausible

MOST_HOURS = 25
CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")


def time_of(value: Any) -> datetime | tuple[int, int]:
    """Read a clock time of the trade date (hour, minute), or a date and time."""
    if isinstance(value, str) and (match := CLOCK.fullmatch(value.strip())):
        hours, minutes = int(match[1]), int(match[2])
        if hours < 24 or minutes == 0:
            return hours, minutes
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or not is_plausible(found.date()):
        raise wrong("CALC-TIME", "must be a time such as 17:20 or 2024-09-04T17:20.")
    return found if found.tzinfo else found.replace(tzinfo=PACIFIC)


def hour_of(value: Any) -> int:
    """Read an hour ending, by its place in the day."""
    text = str(value) if not isinstance(value, bool) else ""
    if text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= MOST_HOURS:
        return int(text)
    raise wrong("CALC-HOUR", f"must be an hour ending, 1 to {MOST_HOURS}.")


Megawatts = Annotated[Decimal, Number(least=0, places=MW.places)]
Moment = Annotated[
    datetime | tuple[int, int],
    ReadBy(time_of, {"type": "string", "x-shape": "time, or date and time"}),
]
HourEnding = Annotated[
    int, ReadBy(hour_of, {"type": "integer", "minimum": 1, "maximum": MOST_HOURS})
]


class PieceGiven(Row, extra="forbid"):
    """Megawatts that are out or stand in from a moment to a moment."""

    start: Moment = field("From; times 17:20 or with a date, Pacific.")
    end: Moment | None = field("Until; null where it is open.", default=None)
    mw: Megawatts = field("Its megawatts.", unit="MW")

    def piece(self, day: date) -> Piece:
        """Return it as the rule takes it, on a trade date."""
        end = None if self.end is None else _moment(self.end, day)
        return Piece(self.mw, _moment(self.start, day), end)


class AvailabilityHoursInputs(Inputs):
    """What was out and who stood in on a trade date, and the hours asked for."""

    outages: list[PieceGiven] = field(
        "end null: open; times 17:20 or with a date, Pacific.", unit="MW"
    )
    substitutions: list[PieceGiven] = field("As the outages.", unit="MW")
    obligation_mw: Megawatts = field("The cap of each moment.", unit="MW")
    hours: list[HourEnding] = field("Hours ending, by their place in the day.")
    date: Day = field("The trade date; 23, 24 or 25 hours.")

    def check(self) -> Iterable[Violation]:
        """Return pieces that end before they start, and hours that the day does not have."""
        for name, rows in (("outages", self.outages), ("substitutions", self.substitutions)):
            for place, row in enumerate(rows):
                piece, at = row.piece(self.date), f"{name}[{place}]"
                if piece.end is not None and piece.end < piece.start:
                    yield Violation("OUT-ORDER", f"{at} ends before it starts.", column=f"{at}.end")
        count = TradeDay(self.date).hour_count
        if any(hour > count for hour in self.hours):
            yield Violation(
                "CALC-HOUR", f"{self.date} has hours ending 1 to {count}.", column="hours"
            )


class CurtailedHour(Row, extra="forbid"):
    """An hour and what is curtailed in it."""

    hour_ending: HourEnding = field("Hour ending, by its place in the day.")
    curtailed_mw: Amount = field("At 0.01 MW.", unit="MW")


class AvailabilityHoursOutputs(Outputs):
    """What is curtailed by hour."""

    hours: list[CurtailedHour] = field("curtailed_mw at 0.01 MW.", unit="MW")


def _moment(given: datetime | tuple[int, int], day: date) -> datetime:
    if isinstance(given, datetime):
        return given
    hours, minutes = given
    if hours == 24:
        return TradeDay(day).end
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=PACIFIC)


def availability_hours(given: AvailabilityHoursInputs) -> dict[str, Any]:
    """Return curtailed MW by hour (see ``hourly_one``)."""
    found = hourly_one(
        [row.piece(given.date) for row in given.outages],
        [row.piece(given.date) for row in given.substitutions],
        given.obligation_mw,
        given.date,
        given.hours,
    )
    return {"hours": [{"hour_ending": h, "curtailed_mw": f"{mw:.2f}"} for h, mw in found.items()]}


AVAILABILITY_HOURS = Calculator(
    name="availability-hours",
    title="Hourly curtailment",
    meaning="Megawatts of an obligation that are out, averaged over each hour, less substitution.",
    inputs=AvailabilityHoursInputs,
    outputs=AvailabilityHoursOutputs,
    example={
        "outages": [{"start": "17:20", "end": "18:40", "mw": "30"}],
        "substitutions": [{"start": "00:00", "end": "24:00", "mw": "10"}],
        "obligation_mw": "45",
        "hours": [17, 18, 19, 20, 21],
        "date": "2024-09-04",
    },
    compute=availability_hours,
    requirements=("BRQ-0216", "BRQ-1215"),
)

"""Trade dates, trade hours and half-open spans of days, in Pacific prevailing time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
FAR_FUTURE = date(9999, 12, 31)
FAR_MOMENT = datetime(9999, 1, 1, tzinfo=UTC)  # whatever is known now is known still then


def is_plausible(day: date) -> bool:
    """Whether a date lies between 1800 and 2199, so that arithmetic with days never overflows."""
    return 1800 <= day.year < 2200


@dataclass(frozen=True, order=True)
class TradeDay:
    """One operating day; it has 23, 24 or 25 trade hours, numbered hour ending 1 onwards."""

    day: date

    @property
    def start(self) -> datetime:
        """The instant the day begins, in UTC."""
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=PACIFIC).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The instant the next day begins, in UTC."""
        return TradeDay(self.day + timedelta(days=1)).start

    @property
    def hour_count(self) -> int:
        """23 on the spring change, 25 on the autumn change, otherwise 24."""
        return int((self.end - self.start).total_seconds()) // 3600

    @property
    def hours(self) -> range:
        """Hour endings of the day, 1 to ``hour_count``."""
        return range(1, self.hour_count + 1)

    def hour_start(self, hour_ending: int) -> datetime:
        """Return the UTC instant at which a trade hour begins."""
        if hour_ending not in self.hours:
            raise ValueError(f"{self.day} has trade hours 1 to {self.hour_count}")
        return self.start + timedelta(hours=hour_ending - 1)


def trade_hour(instant: datetime) -> tuple[date, int]:
    """Return (trade date, hour ending) of the trade hour that begins at or holds an instant."""
    day = TradeDay(instant.astimezone(PACIFIC).date())
    return day.day, int((instant - day.start).total_seconds()) // 3600 + 1


@dataclass(frozen=True, order=True)
class Span:
    """Days from ``first`` up to, not including, ``end``."""

    first: date
    end: date = FAR_FUTURE

    def __post_init__(self) -> None:
        if self.end <= self.first:
            raise ValueError(f"a span must hold a day: {self.first} to {self.end}")

    @classmethod
    def through(cls, first: date, last: date) -> Span:
        """Return the span of an inclusive pair of days, as people write it."""
        return cls(first, last + timedelta(days=1))

    @property
    def last(self) -> date:
        """The last day inside the span."""
        return self.end - timedelta(days=1)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day < self.end

    def __iter__(self) -> Iterator[date]:
        day = self.first
        while day < self.end:
            yield day
            day += timedelta(days=1)

    def overlaps(self, other: Span) -> bool:
        """Whether any day lies in both spans."""
        return self.first < other.end and other.first < self.end

    def minus(self, other: Span) -> list[Span]:
        """Return the parts of this span outside another: none, one or two pieces."""
        if not self.overlaps(other):
            return [self]
        pieces = []
        if self.first < other.first:
            pieces.append(Span(self.first, other.first))
        if other.end < self.end:
            pieces.append(Span(other.end, self.end))
        return pieces


def end_of_day(day: date) -> datetime:
    """Return the last minute of a Pacific day: the moment something is due that day."""
    return datetime.combine(day, time(23, 59), PACIFIC)


def first_of_month(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """Return the last day of the month of a day."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def changes_within(spans: Iterable[tuple[date | None, date | None]], within: Span) -> set[date]:
    """Return the days of a span on which one of some spans begins, or is over since the day before.

    spans: (first day, first day after), None where there is no end. Between two such days what
    holds of them is the same each day.
    """
    return {day for one in spans for day in one if day is not None and day in within}


def month_span(year: int, month: int) -> Span:
    """Return the days of one resource-adequacy month."""
    first = date(year, month, 1)
    return Span.through(first, last_of_month(first))

"""How the measuring of a month stands: which assessed days are measured, missing or outdated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from apps.adequacy.availability.models import AvailabilityHour
from apps.adequacy.availability.rules import HOUR, average_mw
from apps.adequacy.availability.selectors import runs_through
from apps.adequacy.availability.services.inputs import (
    ObligationsOfDay,
    gather_days,
    hours_by_place,
    measure,
)
from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import first_of_month
from apps.platform.runs import services as run_services
from apps.platform.runs.models import Run

Place = tuple[int, str]
"""A resource and an RA type."""
Words = tuple[str, str, int | None]
"""Resource code, source and SC of a place."""


@dataclass
class MonthStanding:
    """The assessed days of a resource and RA type over a span, by how they are measured.

    ``missing``: no availability of the day is calculated. ``outdated``: what was measured is not
    what the capacity, outages and substitutions now on file give. ``sc_id``: its SC on the last of
    the days.
    """

    resource_id: int
    unit: str
    ra_type: str
    source: str = ""
    sc_id: int | None = None
    measured: list[date] = field(default_factory=list)
    missing: list[date] = field(default_factory=list)
    outdated: list[date] = field(default_factory=list)

    @property
    def assessed(self) -> int:
        """How many days are assessed."""
        return len(self.measured) + len(self.missing) + len(self.outdated)

    @property
    def to_measure(self) -> list[date]:
        """The days to be measured, or measured anew."""
        return sorted([*self.missing, *self.outdated])


@dataclass(frozen=True)
class DayStanding:
    """The places of a trade date: measured, missing, outdated, each with (unit, source, SC)."""

    day: date
    run: Run | None
    moved: tuple[str, ...]
    measured: dict[Place, Words]
    missing: dict[Place, Words]
    outdated: dict[Place, Words]


@implements("BRQ-1215", "BRQ-0216", source="settlement rule book 15, decision G36")
def standing_of_day(day: date, run: Run | None, known_at: datetime) -> DayStanding:
    """Return how a trade date is measured, against what is on file as known at a moment.

    run: its newest availability, None where there is none. A day whose inputs are those of the run
    is measured as it stands; of one whose inputs moved on, a resource is outdated where an assessed
    hour would now have another obligation, curtailment, SC, category or source.
    """
    (found,) = standing_of_days([day], [run] if run else [], known_at)
    return found


def standing_of_days(
    days: Iterable[date], runs: Iterable[Run], known_at: datetime
) -> list[DayStanding]:
    """Return standing_of_day of each of some days, in few reads; runs: their availability."""
    of_day = {run.trade_date: run for run in runs}
    moved = run_services.what_moved_over(of_day.values(), known_at)
    listed = sorted(days)
    asked = [day for day in listed if day not in of_day or moved[of_day[day].pk]]
    now: dict[date, dict[Place, list[Hour]]] = {}
    missing = {}
    for gathered in gather_days(asked, known_at):
        if gathered.day in of_day:
            now[gathered.day] = _measured(gathered)
        else:
            missing[gathered.day] = assessed_places(gathered)
    rows = _stored([run for day, run in of_day.items() if day in now])
    words = _stored_words([run for day, run in of_day.items() if day not in now])
    found = []
    for day in listed:
        run = of_day.get(day)
        if run is None:
            found.append(DayStanding(day, None, (), {}, missing[day], {}))
        elif day not in now:
            found.append(DayStanding(day, run, (), words.get(run.pk, {}), {}, {}))
        else:
            found.append(_moved(run, rows.get(run.pk, {}), now[day], moved[run.pk]))
    return found


def _moved(
    run: Run, stored: dict[Place, list[Hour]], now: dict[Place, list[Hour]], moved: list[str]
) -> DayStanding:
    outdated = {
        place: _words({place: (now if place in now else stored)[place]})[place]
        for place in sorted({*stored, *now})
        if stored.get(place) != now.get(place)
    }
    same = {place: rows for place, rows in stored.items() if place not in outdated}
    return DayStanding(run.trade_date, run, tuple(moved), _words(same), {}, outdated)


@implements("BRQ-1215", "BRQ-1240", source="settlement rule book 15, decision G36")
def standing_of(days: Iterable[date], known_at: datetime) -> list[MonthStanding]:
    """Return how each resource and RA type with assessed hours is measured over some days.

    By resource code and RA type. A resource without an SC is left out: nobody could be charged.
    """
    return _summed(_standings(days, known_at))


@implements("BRQ-1215", "BRQ-1240", source="settlement rule book 15, decision G36")
def standing_by_month(
    days: Iterable[date], known_at: datetime
) -> list[tuple[date, list[MonthStanding]]]:
    """Return standing_of for each month of some days, by its first day, in one reading."""
    months: dict[date, list[DayStanding]] = {}
    for one in _standings(days, known_at):
        months.setdefault(first_of_month(one.day), []).append(one)
    return [(month, _summed(standings)) for month, standings in months.items()]


def _standings(days: Iterable[date], known_at: datetime) -> list[DayStanding]:
    listed = sorted(days)
    return standing_of_days(listed, runs_through(listed[0], listed[-1], known_at), known_at)


def _summed(standings: Iterable[DayStanding]) -> list[MonthStanding]:
    found: dict[Place, MonthStanding] = {}
    for one in standings:
        for name in ("measured", "missing", "outdated"):
            for place, (unit, source, sc_id) in getattr(one, name).items():
                if sc_id is None and name != "outdated":
                    continue
                row = found.setdefault(place, MonthStanding(place[0], unit, place[1]))
                row.source, row.sc_id = source, sc_id or row.sc_id
                getattr(row, name).append(one.day)
    return sorted(found.values(), key=lambda r: (r.unit, r.ra_type))


Hour = tuple[str, str, int | None, int, int | None, int, int]
"""Resource code, source, SC, hour ending, category, and MW owed and curtailed in stored steps."""


def _stored(runs: list[Run]) -> dict[int, dict[Place, list[Hour]]]:
    rows = AvailabilityHour.objects.filter(run__in=runs).order_by("hour_ending")
    found: dict[int, dict[Place, list[Hour]]] = {}
    for r in rows.values_list(
        "run_id",
        "resource_id",
        "ra_type",
        "unit",
        "source",
        "sc_id",
        "hour_ending",
        "category",
        "obligation_mw",
        "curtailed_mw",
    ):
        hours = found.setdefault(r[0], {}).setdefault(r[1:3], [])
        hours.append((*r[3:8], MW.to_scaled(r[8]), MW.to_scaled(r[9])))
    return found


def _stored_words(runs: list[Run]) -> dict[int, dict[Place, Words]]:
    """Return unit, source and SC of the first assessed hour of each place, by run."""
    rows = AvailabilityHour.objects.filter(run__in=runs)
    rows = rows.order_by("run_id", "resource_id", "ra_type", "hour_ending").distinct(
        "run_id", "resource_id", "ra_type"
    )
    found: dict[int, dict[Place, Words]] = {}
    for r in rows.values_list("run_id", "resource_id", "ra_type", "unit", "source", "sc_id"):
        found.setdefault(r[0], {})[r[1:3]] = r[3:6]
    return found


def _measured(found: ObligationsOfDay) -> dict[Place, list[Hour]]:
    rows = measure(found).sort("hour_ending")
    names = ("resource_id", "ra_type", "hour_ending", "category", "obligation", "curtailed")
    measured: dict[Place, list[Hour]] = {}
    for key, part, hour, category, owed, lost in rows.select(names).iter_rows():
        measured.setdefault((key, part), []).append(
            (
                found.codes[key],
                found.owed[key, part].source,
                found.scs.get(key),
                hour,
                category,
                owed,
                lost,
            )
        )
    return measured


def assessed_places(found: ObligationsOfDay) -> dict[Place, Words]:
    """Return unit, source and SC of the places that a day not measured will have hours of.

    What is owed all day is in every assessed hour, whatever outages and substitutions say. Where
    some place owes nothing but what it stands in for, the day is measured to find its hours.
    """
    hours = hours_by_place(found)
    assessed = {place: owed for place, owed in found.owed.items() if hours[place][0]}
    if any(average_mw(MW.to_scaled(owed.mw) * HOUR) <= 0 for owed in assessed.values()):
        return _words(_measured(found))
    return {
        (key, part): (found.codes[key], owed.source, found.scs.get(key))
        for (key, part), owed in assessed.items()
    }


def _words(rows: dict[Place, list[Hour]]) -> dict[Place, Words]:
    return {place: hours[0][:3] for place, hours in rows.items()}

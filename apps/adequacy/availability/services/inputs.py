"""What availability is measured from, as known at a moment, and the measuring itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

import polars as pl

from apps.adequacy.availability.rules import assessed_hours, hourly
from apps.adequacy.availability.selectors import assessment_table
from apps.adequacy.plans.hooks import HeldCapacity
from apps.adequacy.plans.selectors import capacity_changes, capacity_on
from apps.adequacy.substitutions.selectors import exempted, substitution_frame, substitutions_over
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import Span
from apps.reference.market.selectors import holidays_known
from apps.reference.outages.selectors import nature_changes, natures_on, outage_frame, outages_over
from apps.reference.resources.selectors import pmax_of, resource_changes, resource_codes, sc_of
from apps.reliability.designations.selectors import contract_changes, on_day, vintages_on

NOT_MEASURED = {
    "LEGACY": "Legacy RMR is exempt from RAAIM.",
    "CONTRACT_ALT_PENALTY": "The contract carries a negotiated penalty instead of RAAIM.",
}
ROW = ("resource_id", "ra_type")


@dataclass
class Tables:
    """What does not change from day to day, read once; outages are looked up when first asked."""

    assessment: list[dict[str, Any]]
    holidays: frozenset[date]
    outages_of: Callable[[], pl.DataFrame]
    substitutions: pl.DataFrame
    exempt: dict[tuple[int, str], date]

    @cached_property
    def outages(self) -> pl.DataFrame:
        """Every outage that touches the days."""
        return self.outages_of()

    def exempt_on(self, day: date) -> list[tuple[int, str]]:
        """Return (resource, outage) of what is exempt by request on a day."""
        return sorted(key for key, first in self.exempt.items() if first <= day)

    @classmethod
    def read(
        cls, span: Span, known_at: datetime, resource_ids: Iterable[int] | None = None
    ) -> Tables:
        """Read the tables of a span of days."""
        return cls(
            assessment_table(known_at),
            holidays_known(known_at),
            partial(outage_frame, span, known_at, resource_ids),
            substitution_frame(span, known_at),
            exempted(known_at),
        )


def tables_over(span: Span, known_at: datetime) -> Callable[[date], Tables]:
    """Return the tables of a span, read once, as a function of each of its days."""
    known = assessment_table(known_at), holidays_known(known_at)
    outages, stands = outages_over(span, known_at), substitutions_over(span, known_at)
    exempt = exempted(known_at)

    def on(day: date) -> Tables:
        one = Span.through(day, day)
        return Tables(*known, partial(outages.on, one), stands.on(one), exempt)

    return on


@dataclass(frozen=True)
class Owed:
    """What a resource owes of a part on a day."""

    mw: Decimal
    source: str
    category: int | None


@dataclass
class ObligationsOfDay:
    """Obligations of a day, and who is not measured."""

    day: date
    owed: dict[tuple[int, str], Owed]
    not_measured: dict[tuple[int, str], str]
    pmax: dict[int, Decimal]
    codes: dict[int, str]
    scs: dict[int, int]
    tables: Tables
    natures: dict[tuple[str, str], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DayOnFile:
    """What is on file of a day, and of the days after it until something of it changes."""

    held: list[HeldCapacity]
    vintage: dict[int, tuple[str, str | None]]
    penalty: set[int]
    pmax: dict[int, Decimal]
    codes: dict[int, str]
    scs: dict[int, int]
    natures: dict[tuple[str, str], Any]


def _on_file(
    day: date, known_at: datetime, stands: pl.DataFrame, wanted: set[int] | None
) -> DayOnFile:
    """Return what is on file of a day; stands: the substitutions whose resources count too."""
    held = capacity_on(day, known_at, wanted)
    keys = {h.resource_id for h in held} | set(stands["substitute_id"])
    return DayOnFile(
        held,
        vintages_on(day, known_at),
        {
            c.contract.resource_id
            for c in on_day(day, known_at)
            if c.contract.nonperformance == "ALTERNATIVE"
        },
        pmax_of(keys, day, known_at),
        resource_codes(keys),
        {a.resource_id: a.sc_id for a in sc_of(day, known_at)},
        natures_on(day, known_at),
    )


def gather(
    day: date, known_at: datetime, tables: Tables, resource_ids: Iterable[int] | None = None
) -> ObligationsOfDay:
    """Return what every resource owes on a day, RMR, RA and CPM alike."""
    wanted = None if resource_ids is None else set(resource_ids)
    return _day(day, _on_file(day, known_at, tables.substitutions, wanted), tables, wanted)


def gather_days(
    days: Iterable[date],
    known_at: datetime,
    tables: Tables | None = None,
    resource_ids: Iterable[int] | None = None,
) -> Iterator[ObligationsOfDay]:
    """Return ``gather`` of each of some days in their order, in few reads.

    What is on file is read anew on those days only on which something of it may change. tables:
    those of all the days together, where they are read already.
    """
    listed = sorted(days)
    if not listed:
        return
    wanted = None if resource_ids is None else set(resource_ids)
    span = Span.through(listed[0], listed[-1])
    read = tables_over(span, known_at) if tables is None else None
    stands = substitutions_over(span, known_at).frame if tables is None else tables.substitutions
    changes = capacity_changes(span, known_at) | contract_changes(span, known_at)
    changes |= resource_changes(span, known_at) | nature_changes(span, known_at)
    ahead = sorted(changes, reverse=True)
    found = None
    for day in listed:
        passed = False
        while ahead and ahead[-1] <= day:
            passed = bool(ahead.pop())
        if found is None or passed:
            found = _on_file(day, known_at, stands, wanted)
        of_day = read(day) if read is not None else tables
        assert of_day is not None
        yield _day(day, found, of_day, wanted)


def _day(day: date, found: DayOnFile, tables: Tables, wanted: set[int] | None) -> ObligationsOfDay:
    sums: dict[tuple[int, str], Owed] = {}
    left: dict[tuple[int, str], str] = {}
    for h in found.held:
        key = (h.resource_id, h.part)
        if h.source == "RMRL" or found.vintage.get(h.resource_id, ("",))[0] == "LEGACY":
            left[key] = "LEGACY"
        elif h.source == "RMR" and h.resource_id in found.penalty:
            left[key] = "CONTRACT_ALT_PENALTY"
        else:
            before = sums.get(key, Owed(Decimal(0), "", h.category))
            sources = dict.fromkeys([*filter(None, before.source.split("+")), h.source])
            category = max(filter(None, (before.category, h.category)), default=None)
            sums[key] = Owed(before.mw + h.mw, "+".join(sources), category)
    for stands, part in tables.substitutions.select("substitute_id", "part").unique().iter_rows():
        place = (stands, part)
        if place not in sums and place not in left and (wanted is None or stands in wanted):
            sums[place] = Owed(Decimal(0), "SUBSTITUTE", None)
    keys = {k for k, _ in (*sums, *left)}
    return ObligationsOfDay(
        day,
        sums,
        left,
        _of(keys, found.pmax),
        _of(keys, found.codes),
        _of(keys, found.scs),
        tables,
        found.natures,
    )


def _of(keys: set[int], values: dict[int, Any]) -> dict[int, Any]:
    return {key: value for key, value in values.items() if key in keys}


def measure(found: ObligationsOfDay, hypothetical: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the assessed hours of a day with what was owed, curtailed, exempt and substituted.

    hypothetical: substitutions that are not on file, to ask what they would do.
    """
    subs = found.tables.substitutions
    if hypothetical is not None:
        subs = pl.concat([subs, hypothetical])
    keys = sorted(found.owed)
    printed = dict(
        found.tables.outages.group_by("resource_id").agg(pl.col("pmax").max()).iter_rows()
    )
    rows = pl.DataFrame(
        [
            (
                n,
                key,
                part,
                MW.to_scaled(found.owed[key, part].mw),
                _pmax(found, printed, key, found.owed[key, part].mw),
            )
            for n, (key, part) in enumerate(keys)
        ],
        schema={
            "row": pl.Int64,
            "resource_id": pl.Int64,
            "ra_type": pl.String,
            "obligation": pl.Int64,
            "pmax": pl.Int64,
        },
        orient="row",
    )
    outages = _with_exemption(found).join(rows.select("row", "resource_id"), on="resource_id")
    stands = subs.rename({"part": "ra_type"})
    gets = stands.join(rows.select("row", *ROW), on=list(ROW)).select(
        "row", "starts_at", "ends_at", substituted=pl.col("mw"), more=pl.lit(0, pl.Int64)
    )
    gives = (
        stands.drop("resource_id")
        .join(
            rows.select("row", "ra_type", substitute_id="resource_id"),
            on=["substitute_id", "ra_type"],
        )
        .select("row", "starts_at", "ends_at", substituted=pl.lit(0, pl.Int64), more=pl.col("mw"))
    )
    done = hourly(
        rows.select("row", "obligation", "pmax"),
        outages.select("row", "mw", "starts_at", "ends_at", "exempt"),
        pl.concat([gets, gives]),
        found.day,
    )
    assessed = _assessed(found, keys)
    return (
        done.join(assessed, on=["row", "hour_ending"])
        .join(rows.select("row", *ROW, "pmax"), on="row")
        .filter(pl.col("obligation") > 0)
        .sort("row", "hour_ending")
    )


def _pmax(found: ObligationsOfDay, printed: dict[int, int | None], key: int, owed: Decimal) -> int:
    said = found.pmax.get(key)
    scaled = MW.to_scaled(said) if said is not None else (printed.get(key) or 0)
    return max(scaled, MW.to_scaled(owed))


def _with_exemption(found: ObligationsOfDay) -> pl.DataFrame:
    frame = found.tables.outages
    kinds = [k for k, row in found.natures.items() if row.raaim_exempt]
    by_nature = (
        pl.struct("nature", "outage_type").is_in(
            [{"nature": code, "outage_type": kind} for code, kind in kinds]
        )
        if kinds
        else pl.lit(False)
    )
    asked = [{"resource_id": r, "outage": o} for r, o in found.tables.exempt_on(found.day)]
    by_request = pl.struct("resource_id", "outage").is_in(asked) if asked else pl.lit(False)
    return frame.with_columns(exempt=by_nature | by_request)


def _assessed(found: ObligationsOfDay, keys: list[tuple[int, str]]) -> pl.DataFrame:
    hours = hours_by_place(found)
    rows = [(n, hour, hours[place][1]) for n, place in enumerate(keys) for hour in hours[place][0]]
    schema = {"row": pl.Int64, "hour_ending": pl.Int64, "category": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def hours_by_place(
    found: ObligationsOfDay,
) -> dict[tuple[int, str], tuple[list[int], int | None]]:
    """Return the assessed hours of each place that owes on a day, and its flexible category."""
    known: dict[tuple[str, int | None], list[int]] = {}
    hours = {}
    for (key, part), owed in found.owed.items():
        category = (owed.category or 1) if part == "FLEX" else None
        place = (part, category)
        if place not in known:
            known[place] = assessed_hours(
                found.tables.assessment, part, category, found.day, found.tables.holidays
            )
        hours[key, part] = known[place], category
    return hours

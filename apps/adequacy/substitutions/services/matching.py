"""What of an outage wants a substitute, and which resources could be one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from apps.adequacy.plans.hooks import HeldCapacity
from apps.adequacy.plans.selectors import capacity_over, spare_capacity
from apps.adequacy.substitutions.models import Substitution
from apps.adequacy.substitutions.rules import (
    Outaged,
    SubstituteOffer,
    check_substitution,
    needed_mw,
)
from apps.adequacy.substitutions.selectors import standing_by, standing_for
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, Span, is_plausible
from apps.platform.core.violations import ValidationFailed, Violation
from apps.reference.outages.selectors import OutageNamed, natures_on, outage_frame, outage_named
from apps.reference.resources.selectors import attributes_on, efc_frame, resource_codes
from apps.reliability.designations.selectors import rmr_spans, vintages_on

MOST_DAYS = 62


@dataclass(frozen=True)
class SubstitutionNeed:
    """What of a resource's obligation an outage leaves to be substituted in a window.

    vintage: NEW, LEGACY, or RA. local_area: blank where the part need not be local.
    """

    outage: OutageNamed
    resource: str
    part: str
    starts_at: datetime
    ends_at: datetime
    vintage: str
    local_area: str
    category: int | None
    obligation: Decimal
    pmax: Decimal
    out: Decimal
    substituted: Decimal
    wanted: bool
    violations: tuple[Violation, ...] = ()

    @property
    def needed(self) -> Decimal:
        """MW not yet substituted, at the worst moment of the window."""
        gross = needed_mw(self.part, out=self.out, pmax=self.pmax, obligation=self.obligation)
        return max(gross - self.substituted, Decimal(0))

    def outaged(self) -> Outaged:
        """Return what the rule asks of the resource that is out."""
        return Outaged(self.resource, self.vintage, self.local_area, self.category, self.needed)


@dataclass(frozen=True)
class Candidate:
    """A resource that could stand in, with what it has to spare; or why it cannot."""

    resource_id: int
    resource: str
    local_area: str
    spare: Decimal
    category: int | None
    violations: list[Violation] = field(default_factory=list)

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.violations


def window_of(
    outage: OutageNamed, starts_at: datetime | None, ends_at: datetime | None
) -> tuple[datetime, datetime]:
    """Return the window asked for, or that of the outage; an open outage: its first week.

    Raises ValidationFailed for one outside the outage or longer than two months.
    """
    start = starts_at or outage.starts_at
    if not is_plausible(start.date()) or (ends_at and not is_plausible(ends_at.date())):
        raise ValidationFailed.because(
            "SUB-WINDOW", "The window does not lie within the outage.", "starts_at"
        )
    end = ends_at or outage.ends_at or start + timedelta(days=7)
    found = []
    if end <= start:
        found.append(Violation("SUB-ORDER", "The window ends before it begins.", column="ends_at"))
    elif start < outage.starts_at or (outage.ends_at is not None and end > outage.ends_at):
        found.append(
            Violation(
                "SUB-WINDOW", "The window does not lie within the outage.", column="starts_at"
            )
        )
    elif end - start > timedelta(days=MOST_DAYS):
        found.append(
            Violation("SUB-WINDOW", f"A window holds at most {MOST_DAYS} days.", column="ends_at")
        )
    if found:
        raise ValidationFailed(found)
    return start, end


def days_of(starts_at: datetime, ends_at: datetime) -> list[date]:
    """Return the trade dates a window touches."""
    first = starts_at.astimezone(PACIFIC).date()
    last = (ends_at - timedelta(microseconds=1)).astimezone(PACIFIC).date()
    return list(Span.through(first, last))


def need_of(
    *,
    reference: str,
    part: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    but: int | None = None,
) -> SubstitutionNeed:
    """Return what an outage leaves to be substituted; ``but``: a substitution not counted.

    Raises ValidationFailed where there is no such outage, or nothing of the resource is shown.
    """
    outage = outage_named(reference)
    if outage is None:
        raise ValidationFailed.because(
            "SUB-OUTAGE", f"There is no outage {reference[:40]} on file.", "outage"
        )
    start, end = window_of(outage, starts_at, ends_at)
    days = days_of(start, end)
    key = outage.resource_id
    columns = capacity_over(days, resource_ids={key})
    held = [h for day in days for h in columns[day] if h.part == part]
    code = resource_codes({key})[key]
    vintage = next((v for d in days if (v := vintages_on(d, FAR_MOMENT).get(key, ("",))[0])), "")
    vintage = vintage or ("NEW" if any(h.source == "RMR" for h in held) else "RA")
    if not held and vintage != "LEGACY":
        raise ValidationFailed.because(
            "SUB-NONE", f"{code} shows no {part.lower()} capacity in the window.", "outage"
        )
    on_file = attributes_on(days[0]).get(key)
    by_day = [sum((h.mw for h in columns[d] if h.part == part), Decimal(0)) for d in days]
    obligation = max(by_day, default=Decimal(0))
    frame = outage_frame(Span.through(days[0], days[-1]), FAR_MOMENT, {key})
    pmax = _pmax(on_file, frame, obligation)
    local = (on_file.local or "") if on_file else ""
    shown_local = vintage != "RA" or any(h.local for h in held)
    nature = natures_on(days[0], FAR_MOMENT).get((outage.nature, outage.outage_type))
    return SubstitutionNeed(
        outage,
        code,
        part,
        start,
        end,
        vintage,
        local if shown_local else "",
        next((h.category for h in held if h.category), None),
        obligation,
        pmax,
        min(_most_out(frame, start, end), pmax),
        _most_substituted(key, part, outage.outage, start, end, but),
        nature is None or nature.substitution,
    )


def _pmax(on_file: object, frame: pl.DataFrame, obligation: Decimal) -> Decimal:
    said = getattr(on_file, "pmax", None)
    printed = frame["pmax"].max() if frame.height else None
    scaled: Any = said if said is not None else printed
    return obligation if scaled is None else max(MW.from_scaled(int(scaled)), obligation)


def _concurrent(pieces: Iterable[tuple[datetime, datetime, int]]) -> int:
    """Return the largest sum at one moment of pieces (from, to, MW in stored steps)."""
    listed = list(pieces)
    return max((sum(m for a, b, m in listed if a <= at < b) for at, _, _ in listed), default=0)


def _most_out(frame: pl.DataFrame, start: datetime, end: datetime) -> Decimal:
    rows = frame.select("starts_at", "ends_at", "mw").iter_rows()
    pieces = [(max(a, start), min(b or end, end), m) for a, b, m in rows]
    return MW.from_scaled(_concurrent(p for p in pieces if p[0] < p[1]))


def _most_substituted(
    key: int, part: str, outage: str, start: datetime, end: datetime, but: int | None
) -> Decimal:
    rows = standing_for({key}).filter(
        part=part, outage=outage, starts_at__lt=end, ends_at__gt=start
    )
    pieces = [
        (max(s.starts_at, start), min(s.ends_at, end), MW.to_scaled(s.mw))
        for s in rows
        if s.pk != but
    ]
    return MW.from_scaled(_concurrent(pieces))


def candidates_for(
    need: SubstitutionNeed,
    *,
    only: set[int] | None = None,
    mw: Decimal | None = None,
    but: int | None = None,
) -> list[Candidate]:
    """Return every resource with a figure on file, allowed or with what stands against it.

    only: the resources looked at, such as an SC's own. mw: as much of each as is asked for;
    without it as much as fits. but: a substitution not counted, when it is judged again.
    """
    days = days_of(need.starts_at, need.ends_at)
    columns = capacity_over(days, resource_ids=only)
    spare = spare_capacity(days, need.part, only, columns)
    standing = standing_by(need.starts_at, need.ends_at).filter(part=need.part)
    busy = _busy(standing if but is None else standing.exclude(pk=but))
    frame = outage_frame(Span.through(days[0], days[-1]), FAR_MOMENT, list(spare))
    out = {
        key: _most_out(rows, need.starts_at, need.ends_at)
        for (key,), rows in frame.partition_by("resource_id", as_dict=True).items()
    }
    shown = _shown(columns, spare)
    rmr = rmr_within(days)
    on_file = attributes_on(days[0])
    category = _categories(days)
    codes = resource_codes(set(spare))
    printed = dict(frame.group_by("resource_id").agg(pl.col("pmax").max()).iter_rows())
    found = []
    for key, left in spare.items():
        if key == need.outage.resource_id:
            continue
        about = on_file.get(key)
        running = _running(about.pmax if about else printed.get(key), out.get(key))
        free = left if running is None else min(left, running - shown.get(key, Decimal(0)))
        free = max(free - busy.get(key, Decimal(0)), Decimal(0))
        area = (about.local or "") if about else ""
        asked = mw if mw is not None else min(free, need.needed)
        offer = SubstituteOffer(codes[key], key in rmr, area, category.get(key), free, asked)
        violations = check_substitution(need.outaged(), offer, need.part)
        if mw is None:  # nobody has asked for any megawatts yet
            violations = [f for f in violations if f.code != "RMR-E-0210C"]
        if mw is None and free <= 0 and not violations:
            violations = [Violation("RMR-E-0210D", "Nothing is left of it.")]
        found.append(Candidate(key, codes[key], area, free, category.get(key), violations))
    return sorted(found, key=lambda c: (not c.allowed, -c.spare, c.resource))


def rmr_within(days: list[date], only: set[int] | None = None) -> set[int]:
    """Return the resources that are RMR, of either vintage, on any day of a window (BRQ-0211)."""
    return {s.resource_id for s in rmr_spans(only) if s.first <= days[-1] and s.last >= days[0]}


def _running(pmax: Any, out: Decimal | None) -> Decimal | None:
    """Return what runs of a resource: Pmax less its own outages; None where no Pmax is known."""
    if pmax is None:
        return None
    return MW.from_scaled(int(pmax)) - (out or Decimal(0))


def _busy(rows: Iterable[Substitution]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for s in rows:
        found[s.substitute_id] = found.get(s.substitute_id, Decimal(0)) + s.mw
    return found


def _shown(columns: Mapping[date, list[HeldCapacity]], keys: Iterable[int]) -> dict[int, Decimal]:
    """Return the most a resource shows on any of the days, generic."""
    most: dict[int, Decimal] = {}
    wanted = set(keys)
    for column in columns.values():
        sums: dict[int, Decimal] = {}
        for h in column:
            if h.part == "GENERIC" and h.resource_id in wanted:
                sums[h.resource_id] = sums.get(h.resource_id, Decimal(0)) + h.mw
        for key, mw in sums.items():
            most[key] = max(most.get(key, Decimal(0)), mw)
    return most


def _categories(days: list[date]) -> dict[int, int]:
    """Return the lowest-order category of each resource in the months of the days."""
    found: dict[int, int] = {}
    for year in sorted({d.year for d in days}):
        months = {d.month for d in days if d.year == year}
        rows = efc_frame(year).filter(pl.col("ra_month").is_in(list(months)))
        for key, category in rows.select("resource_id", "category").iter_rows():
            if category is not None:
                found[key] = max(found.get(key, 0), category)
    return found

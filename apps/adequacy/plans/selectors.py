"""Reads of plans: for people by viewer, and what stands in the RA column of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet
from django.urls import reverse

from apps.adequacy.plans.hooks import CAPACITY, HeldCapacity
from apps.adequacy.plans.models import PlanFiling, PlanRow
from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.services import bypass_rls
from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, Span, changes_within, last_of_month
from apps.reference.resources.selectors import (
    efc_frame,
    nqc_frame,
    own_resources_now,
    resource_codes,
)
from apps.reliability.designations.selectors import (
    contract_changes,
    designated_on,
    designation_changes,
    on_day,
    rmr_on,
    rmr_over,
    vintages_on,
)


def _of_sc(rows: QuerySet[Any], viewer: Viewer, path: str) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    return rows.filter(**{path: viewer.party_id}) if viewer.is_sc else rows.none()


def filings(*, viewer: Viewer) -> QuerySet[PlanFiling]:
    """Return plans; an SC sees its own."""
    return _of_sc(PlanFiling.objects.select_related("sc", "opened_by"), viewer, "sc_id")


def plan_rows(*, viewer: Viewer) -> QuerySet[PlanRow]:
    """Return the rows of plans in force; an SC sees its own."""
    rows = PlanRow.objects.filter(filing__state="ACCEPTED")
    return _of_sc(rows, viewer, "filing__sc_id")


@implements("BRQ-0119", source="BRS 1.2 section 6.2.1")
def conflicts(*, viewer: Viewer) -> QuerySet[PlanRow]:
    """Return accepted rows whose resource has become RMR on some of their days (RMR-W-0119)."""
    return plan_rows(viewer=viewer).filter(rmr_over("resource_id", "first_date", "last_date"))


def rows_in_force(day: date, known_at: datetime) -> list[Any]:
    """Return the supply plan rows of a day as named rows.

    An SC's monthly plan stands before its annual one, for each part.
    """
    held = PlanFiling.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=known_at),
        plan_type="SUPPLY_PLAN",
        accepted_at__lte=known_at,
        first_date__lte=day,
        last_date__gte=day,
    )
    filings = {f.pk: f for f in held}
    monthly = {(f.sc_id, f.part) for f in filings.values() if f.horizon == "MONTHLY"}
    kept = [
        f.pk for f in filings.values() if f.horizon == "MONTHLY" or (f.sc_id, f.part) not in monthly
    ]
    rows = PlanRow.objects.filter(filing_id__in=kept, first_date__lte=day, last_date__gte=day)
    return list(
        rows.order_by("pk").values_list(
            "resource_id",
            "mw",
            "line_no",
            "lse",
            "category",
            "local_mw",
            "filing_id",
            "filing__part",
            "filing__period",
            named=True,
        )
    )


def shown_by_plans(day: date, known_at: datetime) -> list[HeldCapacity]:
    """Return what supply plans show, but for resources that are RMR on the day (BRQ-0119).

    *Interpretation*: a row accepted before its resource became RMR is listed as a conflict
    (RMR-W-0119) and counts no more: the same megawatts stand in the column as RMR.
    """
    rmr = rmr_on(day, known_at)
    return [
        HeldCapacity(
            r.resource_id,
            "RA",
            r.filing__part,
            r.mw,
            f"supply plan {r.filing__period}, row {r.line_no}, to {r.lse}",
            reverse("plans-case", args=[r.filing_id]),
            r.category,
            r.local_mw > 0,
        )
        for r in rows_in_force(day, known_at)
        if r.resource_id not in rmr
    ]


def plan_changes(within: Span, known_at: datetime) -> set[date]:
    """Return the days of a span on which supply plans may show something else."""
    filed = PlanFiling.objects.filter(
        plan_type="SUPPLY_PLAN", first_date__lt=within.end, last_date__gte=within.first
    )
    rows = PlanRow.objects.filter(filing__in=filed.values("pk"))
    spans = {
        *filed.values_list("first_date", "last_date"),
        *rows.order_by().values_list("first_date", "last_date").distinct(),
    }
    shown = changes_within([(first, last + timedelta(days=1)) for first, last in spans], within)
    return shown | rmr_changes(within, known_at)


def rmr_changes(within: Span, known_at: datetime) -> set[date]:
    """Return the days of a span on which RMR may hold something else; EFC changes by month."""
    return contract_changes(within, known_at) | designation_changes(within, known_at)


@implements("BRQ-0221", source="BRS 1.2 section 6.2.2")
def held_by_rmr(day: date, known_at: datetime) -> list[HeldCapacity]:
    """Return the capacity of RMR resources, generic by contract and flexible by EFC (BRQ-0221).

    A resource designated without contract terms on the day stands with the megawatts of its
    designation.
    """
    vintage = vintages_on(day, known_at)
    found = []
    on_file = on_day(day, known_at)
    for c in on_file:
        key = c.contract.resource_id
        label = "RMRL" if vintage.get(key, ("", None))[0] == "LEGACY" else "RMR"
        generic = sum((m.mw for m in c.capacity if m.obligation_type == "GENERIC"), Decimal(0))
        if generic:
            found.append(
                HeldCapacity(
                    key,
                    label,
                    "GENERIC",
                    generic,
                    f"contract {c.contract.contract_no}",
                    reverse("rmr-contracts", query={"q": c.contract.contract_no}),
                    None,
                    c.contract.local_area_id is not None,
                )
            )
    under = {c.contract.resource_id for c in on_file}
    found += [
        HeldCapacity(
            d.resource_id,
            "RMR",
            "GENERIC",
            d.mw,
            f"designation no. {d.designation}",
            reverse("designations-case", args=[d.designation]),
            None,
            d.area != "",
        )
        for d in designated_on(day, known_at)
        if d.resource_id not in under and d.mw
    ]
    keys = {h.resource_id: h for h in found}
    efc = efc_frame(day.year, known_at)
    for key, month, mw, category in efc.iter_rows():
        if key in keys and month == day.month and mw:
            held = keys[key]
            found.append(
                HeldCapacity(
                    key,
                    held.source,
                    "FLEX",
                    MW.from_scaled(mw),
                    f"EFC of {held.label}",
                    held.address,
                    category,
                )
            )
    return found


def capacity_on(
    day: date, known_at: datetime = FAR_MOMENT, resource_ids: Iterable[int] | None = None
) -> list[HeldCapacity]:
    """Return everything in the RA column of a day: RA shown, CPM, RMR of both vintages."""
    wanted = None if resource_ids is None else set(resource_ids)
    return [
        held
        for source in CAPACITY
        for held in source.held(day, known_at)
        if wanted is None or held.resource_id in wanted
    ]


def capacity_changes(within: Span, known_at: datetime) -> set[date]:
    """Return the days of a span on which the RA column may be another than the day before.

    The first days of months are among them, as lists are by month.
    """
    found = {day for day in within if day.day == 1}
    for source in CAPACITY:
        found |= source.changes(within, known_at)
    return found


def capacity_over(
    days: Iterable[date], known_at: datetime = FAR_MOMENT, resource_ids: Iterable[int] | None = None
) -> dict[date, list[HeldCapacity]]:
    """Return the RA column of each of some days, read anew only where it may have changed."""
    wanted = set(days)
    found: dict[date, list[HeldCapacity]] = {}
    if not wanted:
        return found
    span = Span.through(min(wanted), max(wanted))
    changes = capacity_changes(span, known_at)
    column: list[HeldCapacity] | None = None
    for day in span:
        column = None if day in changes else column
        if day in wanted:
            column = capacity_on(day, known_at, resource_ids) if column is None else column
            found[day] = column
    return found


def own_ids(viewer: Viewer) -> set[int] | None:
    """Return the resources a viewer sees the RA column of; None: all."""
    if viewer.is_iso:
        return None
    rows = own_resources_now(viewer)
    return set(rows.values_list("resource_id", flat=True)) if viewer.is_sc else set()


def days_looked_at(first: date, last: date) -> list[date]:
    """Return the days a span is judged by: each of a month's, of longer ones month ends and firsts.

    *Interpretation*: what is shown changes with months; within a long span a plan row of some days
    in the middle of a month does not count.
    """
    span = list(Span.through(first, last))
    if len(span) <= 31:
        return span
    return [d for d in span if d in (first, last) or d.day == 1 or d == last_of_month(d)]


def spare_capacity(
    days: Iterable[date],
    part: str,
    resource_ids: Iterable[int] | None = None,
    columns: Mapping[date, list[HeldCapacity]] | None = None,
) -> dict[int, Decimal]:
    """Return what is left of NQC (flexible: EFC) after RA, CPM and RMR, the least of some days.

    Resources without a figure on file in a month are absent. columns: the RA column of each day,
    where it is known already.
    """
    wanted = None if resource_ids is None else set(resource_ids)
    listed = sorted(set(days))
    least: dict[int, int] = {}
    seen: dict[int, int] = {}
    limits: dict[int, pl.DataFrame] = {}
    columns = capacity_over(listed, resource_ids=wanted) if columns is None else columns
    for day in listed:
        if day.year not in limits:
            frame = efc_frame(day.year) if part == "FLEX" else nqc_frame(day.year)
            limits[day.year] = frame.rename({"efc" if part == "FLEX" else "nqc": "limit"})
        month = limits[day.year].filter(pl.col("ra_month") == day.month)
        left = dict(month.select("resource_id", "limit").iter_rows())
        for held in columns[day]:
            if held.part == part and held.resource_id in left:
                left[held.resource_id] -= MW.to_scaled(held.mw)
        for key, mw in left.items():
            if wanted is None or key in wanted:
                least[key] = min(least.get(key, mw), mw)
                seen[key] = seen.get(key, 0) + 1
    return {
        key: MW.from_scaled(max(mw, 0)) for key, mw in least.items() if seen[key] == len(listed)
    }


def ra_column(viewer: Viewer, day: date, part: str, words: str) -> list[dict[str, Any]]:
    """Return the RA column of a day for a viewer: resource, MW, and what they are made of.

    RMR capacity stands in the same column as RA shown and CPM (BRQ-0221).
    """
    own = own_ids(viewer)
    with bypass_rls("the RA column counts every source of the viewer's own resources"):
        held = [h for h in capacity_on(day, resource_ids=own) if h.part == part]
    codes = resource_codes({h.resource_id for h in held})
    by_resource: dict[int, list[HeldCapacity]] = {}
    for h in held:
        by_resource.setdefault(h.resource_id, []).append(h)
    rows = [
        {
            "resource_id": key,
            "resource": codes[key],
            "parts": parts,
            "mw": sum((h.mw for h in parts), Decimal(0)),
            "sources": ", ".join(dict.fromkeys(h.source for h in parts)),
        }
        for key, parts in by_resource.items()
        if words.upper() in codes[key].upper()
    ]
    return sorted(rows, key=lambda r: r["resource"])

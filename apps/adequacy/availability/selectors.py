"""Reads of availability: by viewer, and the dated tables as known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from apps.adequacy.availability.codes import ASSESSMENT, DAILY
from apps.adequacy.availability.models import AssessmentHours, AvailabilityHour, AvailabilityNote
from apps.adequacy.availability.rules import availability_share
from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import FAR_MOMENT, last_of_month
from apps.platform.runs.models import Run
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.resources.codes import EVER


def assessment_hours(*, viewer: Viewer) -> QuerySet[AssessmentHours]:
    """Return the dated table of assessment hours in its newest version."""
    return _known(FAR_MOMENT)


def _known(known_at: datetime) -> QuerySet[AssessmentHours]:
    kept = versions_known_at(ASSESSMENT.name, known_at, period=EVER)
    return AssessmentHours.objects.filter(dataset_version__in=kept)


def assessment_table(known_at: datetime) -> list[dict[str, Any]]:
    """Return the table as known at a moment, as the rule reads it."""
    names = ("ra_type", "category", "first_date", "last_date", "first_he", "last_he", "day_rule")
    return list(_known(known_at).order_by("ra_type", "category", "first_date").values(*names))


def _of_sc(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def _newest() -> QuerySet[Run, Any]:
    found = Run.objects.filter(kind=DAILY, state__in=["SEALED", "PUBLISHED"])
    return found.order_by("trade_date", "-version").distinct("trade_date").values("pk")


def hours(*, viewer: Viewer) -> QuerySet[AvailabilityHour]:
    """Return assessed hours of the newest runs; an SC sees those it was SC of on the day."""
    return _of_sc(AvailabilityHour.objects.filter(run_id__in=_newest()), viewer)


def notes(*, viewer: Viewer) -> QuerySet[AvailabilityNote]:
    """Return who was not measured and why, from the newest runs."""
    return _of_sc(AvailabilityNote.objects.filter(run_id__in=_newest()), viewer)


def months_of(month: date, viewer: Viewer) -> list[dict[str, Any]]:
    """Return the availability of a month by resource and RA type, the least available first."""
    rows = (
        hours(viewer=viewer)
        .filter(trade_date__range=(month, last_of_month(month)))
        .values("resource_id", "unit", "ra_type")
        .annotate(
            owed=Sum("obligation_mw"),
            curtailed=Sum("curtailed_mw"),
            exempt=Sum("exempt_mw"),
            substituted=Sum("substituted_mw"),
            count=Count("pk"),
        )
        .order_by("unit", "ra_type")
    )
    found = [
        row | {"share": availability_share(row["owed"] or Decimal(0), row["curtailed"])}
        for row in rows
    ]
    one = Decimal(1)
    return sorted(found, key=lambda r: (r["share"] if r["share"] is not None else one, r["unit"]))


def newest_run(day: date) -> Run | None:
    """Return the newest sealed availability of a trade date, or None."""
    rows = Run.objects.filter(kind=DAILY, trade_date=day, state__in=["SEALED", "PUBLISHED"])
    return rows.order_by("-version").first()


def hours_of_run(run: Run | None) -> list[AvailabilityHour]:
    """Return the rows of a run in their order."""
    return list(AvailabilityHour.objects.filter(run=run).order_by("line_no"))


def runs_through(first: date, last: date, known_at: datetime) -> list[Run]:
    """Return the newest availability of each trade date of a span, sealed by a moment."""
    rows = Run.objects.filter(
        kind=DAILY,
        trade_date__range=(first, last),
        state__in=["SEALED", "PUBLISHED"],
        sealed_at__lte=known_at,
    )
    return list(rows.order_by("trade_date", "-version").distinct("trade_date"))


def sums_by_month(
    run_ids: list[int],
) -> list[tuple[int, int, str, int | None, str, int, Decimal, Decimal]]:
    """Return what was owed and lost by month, resource, RA type, source and SC over some runs.

    Rows of (month, resource, RA type, flexible category, source, SC, MWh owed, MWh curtailed), in a
    fixed order; hours of a resource without an SC are left out, as nobody could be charged.
    """
    names = ("trade_date__month", "resource_id", "ra_type", "category", "source", "sc_id")
    rows = AvailabilityHour.objects.filter(run_id__in=run_ids, sc__isnull=False)
    found: Any = (
        rows.values_list(*names)
        .annotate(owed=Sum("obligation_mw"), lost=Sum("curtailed_mw"))
        .order_by(*names)
    )
    return list(found)


def hours_by_month(run_ids: list[int]) -> dict[tuple[int, str, int], int]:
    """Return how many hours were assessed by month, RA type and flexible category (0: none)."""
    rows = AvailabilityHour.objects.filter(run_id__in=run_ids)
    places = rows.values_list(
        "trade_date__month", "ra_type", "category", "trade_date", "hour_ending"
    ).distinct()
    found: dict[tuple[int, str, int], int] = {}
    for month, part, category, _, _ in places:
        place = (month, part, category or 0)
        found[place] = found.get(place, 0) + 1
    return found

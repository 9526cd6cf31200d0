"""Reads of CPM: for people by viewer, and what a day's designations hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from apps.adequacy.cpm.codes import DEFICIENCIES, FACTS
from apps.adequacy.cpm.models import (
    CpmDeficiency,
    CpmDesignation,
    CpmFact,
    CpmOffer,
    CpmPrice,
    CpmPriceChange,
    CpmReport,
    Solicitation,
)
from apps.adequacy.plans.hooks import HeldCapacity
from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import FAR_MOMENT, Span, changes_within
from apps.platform.notifications.hooks import Deadline
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.resources.codes import EVER


def _of_sc(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def solicitations(*, viewer: Viewer) -> QuerySet[Solicitation]:
    """Return solicitations, which every SC sees."""
    rows = Solicitation.objects.select_related("local_area", "opened_by")
    return rows if viewer.is_iso or viewer.is_sc else rows.none()


def offers(*, viewer: Viewer) -> QuerySet[CpmOffer]:
    """Return offers; an SC sees its own."""
    rows = CpmOffer.objects.select_related("solicitation", "sc", "resource", "opened_by")
    return _of_sc(rows, viewer)


def designations(*, viewer: Viewer) -> QuerySet[CpmDesignation]:
    """Return designations; an SC sees its own once they are offered or designated."""
    rows = CpmDesignation.objects.select_related("sc", "resource", "opened_by", "offer")
    return rows if viewer.is_iso else _of_sc(rows, viewer).exclude(state="PROPOSED")


def price_changes(*, viewer: Viewer) -> QuerySet[CpmPriceChange]:
    """Return price changes, which the ISO's people see."""
    rows = CpmPriceChange.objects.select_related("designation__resource", "opened_by")
    return rows if viewer.is_iso else rows.none()


def reports(*, viewer: Viewer) -> QuerySet[CpmReport]:
    """Return the designation reports posted to the public."""
    return CpmReport.objects.all()


def facts(*, viewer: Viewer) -> QuerySet[CpmFact]:
    """Return facts of public record in their newest version."""
    kept = versions_known_at(FACTS.name, FAR_MOMENT, period=EVER)
    return CpmFact.objects.filter(dataset_version__in=kept)


def held_by_cpm(day: date, known_at: datetime) -> list[HeldCapacity]:
    """Return what CPM designations hold on a day."""
    rows = CpmDesignation.objects.filter(
        state="DESIGNATED", designated_at__lte=known_at, first_date__lte=day, last_date__gte=day
    )
    return [
        HeldCapacity(
            d.resource_id,
            "CPM",
            d.part,
            d.mw,
            f"{d.type.replace('_', ' ').lower()} CPM no. {d.pk}",
            reverse("cpm-designations-case", args=[d.pk]),
            None,
            d.reason == "LOCAL",
        )
        for d in rows
    ]


def cpm_changes(within: Span, known_at: datetime) -> set[date]:
    """Return the days of a span on which CPM designations may hold something else."""
    rows = designated_in(within.first, within.last, known_at)
    spans = [(d.first_date, d.last_date + timedelta(days=1)) for d in rows]
    return changes_within(spans, within)


def reports_due(viewer: Viewer, since: datetime, until: datetime) -> list[Deadline]:
    """Return when designation reports are due that are not posted yet (BRQ-0330)."""
    if not viewer.may(ISO_ROLES):
        return []
    rows = CpmDesignation.objects.filter(
        Q(report_posted_at=None),
        state="DESIGNATED",
        report_due__gte=since.date(),
        report_due__lte=until.date(),
    ).select_related("resource")
    return [
        Deadline(
            f"cpm-report-{d.pk}",
            datetime.combine(d.report_due or since.date(), time(23), UTC),
            f"CPM designation report of {d.resource.code}",
            reverse("cpm-designations-case", args=[d.pk]),
        )
        for d in rows
    ]


def designated_in(first: date, last: date, known_at: datetime) -> list[CpmDesignation]:
    """Return designations in force on some of the days of a span, as known at a moment."""
    rows = CpmDesignation.objects.filter(
        state="DESIGNATED",
        designated_at__lte=known_at,
        first_date__lte=last,
        last_date__gte=first,
    )
    return list(rows.select_related("resource", "sc").order_by("pk"))


def prices_of(designation_ids: list[int], known_at: datetime) -> list[CpmPrice]:
    """Return the prices of designations as known at a moment."""
    rows = CpmPrice.objects.filter(designation_id__in=designation_ids, known__contains=known_at)
    return list(rows.order_by("designation_id", "valid"))


def deficiencies(*, viewer: Viewer) -> QuerySet[CpmDeficiency]:
    """Return deficiencies in their newest version; an SC sees its own."""
    kept = versions_known_at(DEFICIENCIES.name, FAR_MOMENT)
    return _of_sc(CpmDeficiency.objects.filter(dataset_version__in=kept), viewer)


def deficiencies_of(
    designation_ids: list[int], known_at: datetime
) -> dict[int, list[CpmDeficiency]]:
    """Return the deficiencies behind designations as known at a moment, by designation."""
    kept = versions_known_at(DEFICIENCIES.name, known_at)
    rows = CpmDeficiency.objects.filter(
        dataset_version__in=kept, designation_no__in=designation_ids, mw__gt=0
    )
    found: dict[int, list[CpmDeficiency]] = {}
    for row in rows.select_related("sc").order_by("designation_no", "sc__code"):
        found.setdefault(row.designation_no, []).append(row)
    return found

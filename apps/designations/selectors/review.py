"""Reads of an RA year: all RMR capacity in force, by contract and by designation (BRQ-0111)."""

from __future__ import annotations

from django.db.models import CharField, Exists, F, QuerySet, Value

from apps.accounts.rules import Viewer
from apps.designations.models import DesignatedCapacity
from apps.designations.selectors.reading import cutoff_now
from apps.kernel.rulebook import implements
from apps.resources.selectors import own_days


@implements("BRQ-0111", source="BRS 1.2 section 6.2.1")
def designated_capacity(*, viewer: Viewer) -> QuerySet[DesignatedCapacity]:
    """Return the RMR capacity of the new tariff by RA year; an SC sees its own resources' days.

    Every contract, with or without a designation behind it, and every designation, with or without
    contract terms. ``credits`` is what the ISO's people look the credits of a row up by. Legacy
    contracts are never among the rows.
    """
    code = F("resource__code") if viewer.is_iso else Value(None, output_field=CharField())
    rows = DesignatedCapacity.objects.filter(effective_date__gte=cutoff_now())
    rows = rows.annotate(credits=code)
    if viewer.is_iso:
        return rows
    return rows.filter(Exists(own_days(viewer, "period"))) if viewer.is_sc else rows.none()


def ra_years(*, viewer: Viewer) -> list[int]:
    """Return the RA years that have RMR capacity on file for a viewer, the newest first."""
    rows = designated_capacity(viewer=viewer).order_by("-ra_year")
    return list(rows.values_list("ra_year", flat=True).distinct())

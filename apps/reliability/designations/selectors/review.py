"""Reads of an RA year: all RMR capacity in force, by contract and by designation (BRQ-0111)."""

from __future__ import annotations

from django.db.models import Exists, IntegerField, QuerySet, Value

from apps.platform.accounts.rules import Viewer
from apps.platform.core.rulebook import implements
from apps.platform.ui.fields import QuantityField
from apps.reference.resources.selectors import own_days
from apps.reliability.designations.codes import Backing
from apps.reliability.designations.hooks import credits_counted
from apps.reliability.designations.models import DesignatedCapacity
from apps.reliability.designations.selectors.reading import cutoff_now


@implements("BRQ-0111", source="BRS 1.2 section 6.2.1")
def designated_capacity(*, viewer: Viewer) -> QuerySet[DesignatedCapacity]:
    """Return the RMR capacity of the new tariff by RA year; an SC sees its own resources' days.

    Every contract, with or without a designation behind it, and every designation, with or without
    contract terms. ``credits`` and ``credits_mw`` are for the ISO's people: how many credits hold
    on days of the row, and of how many MW. Legacy contracts are never among the rows.
    """
    rows = DesignatedCapacity.objects.filter(effective_date__gte=cutoff_now())
    if viewer.is_iso:
        return credits_counted(rows)
    rows = rows.annotate(
        credits=Value(None, output_field=IntegerField()),
        credits_mw=Value(None, output_field=QuantityField("MW")),
    )
    return rows.filter(Exists(own_days(viewer, "period"))) if viewer.is_sc else rows.none()


@implements("BRQ-0015", source="BRS 1.2 section 6.1.1")
def without_designation(*, viewer: Viewer) -> list[str]:
    """Return the new-tariff contracts with days, past ones too, that no designation stands behind.

    The same days as the review of an RA year calls *no designation on file*.
    """
    rows = designated_capacity(viewer=viewer).filter(status=Backing.NO_DESIGNATION.value)
    return sorted({r.contract_no for r in rows if r.contract_no})


def ra_years(*, viewer: Viewer) -> list[int]:
    """Return the RA years that have RMR capacity on file for a viewer, the newest first."""
    rows = designated_capacity(viewer=viewer).order_by("-ra_year")
    return list(rows.values_list("ra_year", flat=True).distinct())

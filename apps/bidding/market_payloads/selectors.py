"""Reads of what the markets are told and of exceptional dispatch."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from apps.bidding.market_payloads.codes import DISPATCHES
from apps.bidding.market_payloads.models import (
    Delivery,
    Dispatch,
    ExceptionalDispatch,
    MarketPayload,
)
from apps.platform.accounts.rules import Viewer
from apps.platform.uploads.models import DatasetVersion
from apps.reference.resources.selectors import own_resources_now


def payloads(*, viewer: Viewer) -> QuerySet[MarketPayload]:
    """Return payloads, which the ISO's people see."""
    return MarketPayload.objects.all() if viewer.is_iso else MarketPayload.objects.none()


def deliveries(*, viewer: Viewer) -> QuerySet[Delivery]:
    """Return attempts to deliver, which the ISO's people see."""
    return Delivery.objects.all() if viewer.is_iso else Delivery.objects.none()


def exceptional_dispatches(*, viewer: Viewer) -> QuerySet[ExceptionalDispatch]:
    """Return exceptional dispatches; an SC sees those of its own resources."""
    rows = ExceptionalDispatch.objects.select_related("resource", "opened_by")
    if viewer.is_iso:
        return rows
    own = rows.filter(resource_id__in=own_resources_now(viewer))
    return own if viewer.is_sc else rows.none()


def dispatches(*, viewer: Viewer) -> QuerySet[Dispatch]:
    """Return dispatch of the newest version of each day; an SC sees its own resources."""
    versions = (
        DatasetVersion.objects.filter(dataset=DISPATCHES.name)
        .order_by("period", "-version")
        .distinct("period")
    )
    rows = Dispatch.objects.filter(dataset_version_id__in=versions.values("pk"))
    if viewer.is_iso:
        return rows
    own = rows.filter(resource_id__in=own_resources_now(viewer))
    return own if viewer.is_sc else rows.none()


def rmr_dispatches(*, viewer: Viewer) -> QuerySet[Dispatch]:
    """Return what the RMR-only report lists: legacy resources, never new-tariff (BRQ-0760)."""
    return dispatches(viewer=viewer).filter(vintage="LEGACY")


def newest_payload(audience: str, day: date) -> MarketPayload | None:
    """Return the newest version of what an audience is told of a trade date, or None."""
    return (
        MarketPayload.objects.filter(audience=audience, trade_date=day).order_by("-version").first()
    )

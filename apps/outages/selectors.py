"""Reads of outages: for people by viewer, and as known at a moment for calculations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from apps.accounts.rules import Viewer
from apps.kernel.tradetime import TradeDay
from apps.outages.models import OutageCard
from apps.resources.selectors import own_resources_now


def outage_cards(*, viewer: Viewer) -> QuerySet[OutageCard]:
    """Return outage cards; an SC sees those of its own resources."""
    rows = OutageCard.objects.select_related("resource", "opened_by")
    if viewer.is_iso:
        return rows
    own = rows.filter(resource_id__in=own_resources_now(viewer))
    return own if viewer.is_sc else rows.none()


def cards_of_day(resource_ids: Iterable[int], day: date, known_at: datetime) -> list[OutageCard]:
    """Return the cards that touch a trade date and were filed by a moment, cancelled ones too.

    A card cancelled later was in force before: see ``in_force``.
    """
    span = TradeDay(day)
    return list(
        OutageCard.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=span.start),
            resource_id__in=list(resource_ids), starts_at__lt=span.end, opened_at__lte=known_at,
        ).order_by("resource_id", "starts_at", "pk")
    )  # fmt: skip


def in_force(card: OutageCard, moment: datetime) -> bool:
    """Whether a card was filed and not cancelled at a moment."""
    if card.opened_at > moment:
        return False
    return card.cancelled_at is None or card.cancelled_at > moment

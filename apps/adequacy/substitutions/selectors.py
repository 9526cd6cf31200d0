"""Reads of substitutions and exemptions: by viewer, and as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from apps.adequacy.substitutions.models import Exemption, Substitution
from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import PACIFIC, Span, TradeDay
from apps.platform.ui.fields import stored
from apps.reference.resources.selectors import own_resources_now


def _own(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    if not viewer.is_sc:
        return rows.none()
    own = own_resources_now(viewer)
    return rows.filter(Q(sc_id=viewer.party_id) | Q(resource_id__in=own))


def substitutions(*, viewer: Viewer) -> QuerySet[Substitution]:
    """Return substitutions; an SC sees those it asked for and those of its own resources."""
    rows = Substitution.objects.select_related("resource", "substitute", "sc", "opened_by")
    return _own(rows, viewer)


def exemptions(*, viewer: Viewer) -> QuerySet[Exemption]:
    """Return exemption requests; an SC sees its own."""
    return _own(Exemption.objects.select_related("resource", "sc", "opened_by"), viewer)


SUBSTITUTION_FRAME: dict[str, Any] = {
    "resource_id": pl.Int64,
    "substitute_id": pl.Int64,
    "outage": pl.String,
    "part": pl.String,
    "mw": pl.Int64,
    "starts_at": pl.Datetime(time_zone="UTC"),
    "ends_at": pl.Datetime(time_zone="UTC"),
}


def substitution_frame(span: Span, known_at: datetime) -> pl.DataFrame:
    """Return approved substitutions that touch days as known at a moment, MW in stored steps.

    A cancelled one holds up to the moment it ended.
    """
    return substitutions_over(span, known_at).on(span)


@dataclass(frozen=True)
class SubstitutionsOver:
    """The substitutions that touch some days, to be narrowed to fewer of them.

    ``granted_to``: when each ends as approved, however soon it was cancelled.
    """

    frame: pl.DataFrame
    granted_to: pl.Series

    def on(self, span: Span) -> pl.DataFrame:
        """Return what ``substitution_frame`` says of a span within the days."""
        start, end = TradeDay(span.first).start, TradeDay(span.end).start
        return self.frame.filter((self.frame["starts_at"] < end) & (self.granted_to > start))


def substitutions_over(span: Span, known_at: datetime) -> SubstitutionsOver:
    """Return approved substitutions that touch days, read once for all of them."""
    start, end = TradeDay(span.first).start, TradeDay(span.end).start
    rows = Substitution.objects.filter(
        state__in=["APPROVED", "CANCELLED"],
        decided_at__lte=known_at,
        starts_at__lt=end,
        ends_at__gt=start,
    ).values_list(
        "resource_id",
        "substitute_id",
        "outage",
        "part",
        stored("mw"),
        "starts_at",
        "ends_at",
        "ended_at",
    )
    kept, granted_to = [], []
    for row in rows:
        ends = row[6]
        if row[7] is not None and row[7] <= known_at:
            ends = min(ends, row[7])
        if ends > row[5]:
            kept.append((*row[:6], ends))
            granted_to.append(row[6])
    return SubstitutionsOver(
        pl.DataFrame(kept, schema=SUBSTITUTION_FRAME, orient="row"),
        pl.Series(granted_to, dtype=pl.Datetime(time_zone="UTC")),
    )


def exempted(known_at: datetime) -> dict[tuple[int, str], date]:
    """Return the first exempt day by (resource, outage) of approved exemptions.

    As known at a moment. An exemption goes with the resource to its next SC; one that the next SC
    asked for does not reach back to the days of the SC before (BRQ-0225).
    """
    rows = Exemption.objects.filter(state="APPROVED", decided_at__lte=known_at)
    found: dict[tuple[int, str], date] = {}
    for key, outage, starts_at in rows.values_list("resource_id", "outage", "starts_at"):
        first = starts_at.astimezone(PACIFIC).date()
        found[key, outage] = min(first, found.get((key, outage), first))
    return found


def standing_for(resource_ids: Iterable[int]) -> QuerySet[Substitution]:
    """Return substitutions asked for or approved of resources that are out."""
    return Substitution.objects.filter(
        resource_id__in=list(resource_ids), state__in=["REQUESTED", "APPROVED"]
    )


def standing_by(starts_at: datetime, ends_at: datetime) -> QuerySet[Substitution]:
    """Return substitutions asked for or approved that overlap a window."""
    return Substitution.objects.filter(
        state__in=["REQUESTED", "APPROVED"], starts_at__lt=ends_at, ends_at__gt=starts_at
    )

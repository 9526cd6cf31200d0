"""Reads of outages: for people by viewer, and as known at a moment for calculations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import FAR_MOMENT, Span, TradeDay, changes_within
from apps.platform.ui.fields import stored
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.outages.codes import NATURE_TABLE
from apps.reference.outages.models import NatureOfWork, OutageCard, ReportedOutage
from apps.reference.resources.codes import EVER
from apps.reference.resources.selectors import own_resources_now


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
            resource_id__in=list(resource_ids),
            starts_at__lt=span.end,
            opened_at__lte=known_at,
        ).order_by("resource_id", "starts_at", "pk")
    )


def in_force(card: OutageCard, moment: datetime) -> bool:
    """Whether a card was filed and not cancelled at a moment."""
    if card.opened_at > moment:
        return False
    return card.cancelled_at is None or card.cancelled_at > moment


def reported_outages(*, viewer: Viewer) -> QuerySet[ReportedOutage]:
    """Return the segments of public reports that hold: of each, the newest report's."""
    return newest_segments(FAR_MOMENT)


def newest_segments(known_at: datetime) -> QuerySet[ReportedOutage]:
    """Return the segments that hold as known at a moment."""
    newer = ReportedOutage.objects.filter(
        mrid=OuterRef("mrid"),
        resource_id=OuterRef("resource_id"),
        starts_at=OuterRef("starts_at"),
        dataset_version_id__gt=OuterRef("dataset_version_id"),
        dataset_version__known_from__lte=known_at,
    )
    return ReportedOutage.objects.filter(~Exists(newer), dataset_version__known_from__lte=known_at)


def natures(*, viewer: Viewer) -> QuerySet[NatureOfWork]:
    """Return the nature-of-work table in its newest version."""
    return _natures_known(FAR_MOMENT)


def _natures_known(known_at: datetime) -> QuerySet[NatureOfWork]:
    found = versions_known_at(NATURE_TABLE.name, known_at, period=EVER)
    return NatureOfWork.objects.filter(dataset_version__in=found)


def natures_on(day: date, known_at: datetime) -> dict[tuple[str, str], NatureOfWork]:
    """Return what is said of each nature and type on a day, as known at a moment."""
    rows = _natures_known(known_at).filter(
        Q(last_date__isnull=True) | Q(last_date__gte=day), first_date__lte=day
    )
    return {(r.code, r.outage_type): r for r in rows}


def nature_changes(within: Span, known_at: datetime) -> set[date]:
    """Return the days of a span from which something else is said of a nature of work."""
    spans = _natures_known(known_at).values_list("first_date", "last_date")
    ends = [(first, last + timedelta(days=1) if last else None) for first, last in spans]
    return changes_within(ends, within)


OUTAGE_FRAME: dict[str, Any] = {
    "resource_id": pl.Int64,
    "outage": pl.String,
    "outage_type": pl.String,
    "nature": pl.String,
    "mw": pl.Int64,
    "starts_at": pl.Datetime(time_zone="UTC"),
    "ends_at": pl.Datetime(time_zone="UTC"),
    "filed_at": pl.Datetime(time_zone="UTC"),
    "pmax": pl.Int64,
}


def outage_frame(
    span: Span, known_at: datetime, resource_ids: Iterable[int] | None = None
) -> pl.DataFrame:
    """Return every outage that touches days, MW in stored steps, as known at a moment.

    Cards and reported segments; ``outage`` is the MRID, or ``card 12``. A card that names an MRID
    on file in a report gives way to the report. Open ends are null.
    """
    return outages_over(span, known_at, resource_ids).on(span)


@dataclass(frozen=True)
class OutagesOver:
    """The outages that touch some days, to be narrowed to fewer of them; see ``outage_frame``.

    ``names``: the MRID that a card names, blank where it names none; null for reported segments.
    """

    frame: pl.DataFrame
    names: pl.Series

    def on(self, span: Span) -> pl.DataFrame:
        """Return what ``outage_frame`` says of a span within the days."""
        start, end = TradeDay(span.first).start, TradeDay(span.end).start
        touches = (pl.col("ends_at").is_null() | (pl.col("ends_at") > start)) & (
            pl.col("starts_at") < end
        )
        rows = self.frame.with_columns(names=self.names).filter(touches)
        reported = rows.filter(pl.col("names").is_null())["outage"].unique().to_list()
        kept = pl.col("names").fill_null("") == ""
        return rows.filter(kept | ~pl.col("names").is_in(reported)).drop("names")


def outages_over(
    span: Span, known_at: datetime, resource_ids: Iterable[int] | None = None
) -> OutagesOver:
    """Return every outage that touches days as known at a moment, read once for all of them."""
    start, end = TradeDay(span.first).start, TradeDay(span.end).start
    touches = (Q(ends_at__isnull=True) | Q(ends_at__gt=start)) & Q(starts_at__lt=end)
    if resource_ids is not None:
        touches &= Q(resource_id__in=list(resource_ids))
    reported = (
        newest_segments(known_at)
        .filter(touches)
        .values_list(
            "resource_id",
            "mrid",
            "outage_type",
            "nature",
            stored("curtailed_mw"),
            "starts_at",
            "ends_at",
            "dataset_version__known_from",
            stored("pmax_mw"),
        )
    )
    rows = [tuple(r) for r in reported if r[6] is None or r[6] > r[5]]
    names: list[str | None] = [None] * len(rows)
    cards = OutageCard.objects.filter(touches, opened_at__lte=known_at)
    for c in cards.order_by("pk"):
        if in_force(c, known_at):
            rows.append(
                (
                    c.resource_id,
                    f"card {c.pk}",
                    c.outage_type,
                    c.nature,
                    MW.to_scaled(c.curtailed_mw),
                    c.starts_at,
                    c.ends_at,
                    c.opened_at,
                    None,
                )
            )
            names.append(c.mrid)
    frame = pl.DataFrame(rows, schema=OUTAGE_FRAME, orient="row")
    whole = frame.with_columns(names=pl.Series(names, dtype=pl.String))
    whole = whole.sort("resource_id", "starts_at", "outage")
    return OutagesOver(whole.drop("names"), whole["names"])


@dataclass(frozen=True)
class OutageNamed:
    """An outage somebody refers to: its segments together."""

    outage: str
    resource_id: int
    outage_type: str
    nature: str
    starts_at: datetime
    ends_at: datetime | None
    filed_at: datetime
    card_id: int | None = None


def outage_named(reference: str) -> OutageNamed | None:
    """Return the outage of an MRID or of ``card 12``, as it holds now; None where there is none."""
    reference = reference.replace("\x00", "").strip()
    words = reference.lower().split()
    if len(words) == 2 and words[0] == "card" and words[1].isdecimal() and len(words[1]) < 10:
        card = OutageCard.objects.filter(pk=int(words[1]), state="ON_FILE").first()
        if card is None:
            return None
        return OutageNamed(
            f"card {card.pk}",
            card.resource_id,
            card.outage_type,
            card.nature,
            card.starts_at,
            card.ends_at,
            card.opened_at,
            card.pk,
        )
    rows = list(
        newest_segments(FAR_MOMENT)
        .filter(mrid=reference)
        .select_related("dataset_version")
        .order_by("starts_at")
    )
    if not rows:
        return None
    ends = [r.ends_at for r in rows]
    filed = min(r.dataset_version.known_from for r in rows)
    return OutageNamed(
        rows[0].mrid,
        rows[0].resource_id,
        rows[0].outage_type,
        rows[0].nature,
        rows[0].starts_at,
        None if None in ends else max(e for e in ends if e),
        filed,
    )

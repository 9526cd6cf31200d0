"""Reads of bids: for people by viewer, and as known at the close of a market."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from apps.bidding.bids.codes import CERTIFIED, INSERTION, USAGE, USE_LIMITS, Market
from apps.bidding.bids.models import (
    Bid,
    BidFile,
    BidHour,
    BidRow,
    CertifiedService,
    Instruction,
    UseLimit,
    UseReading,
)
from apps.platform.accounts.rules import Viewer
from apps.platform.runs.models import Result, Run
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import current_version
from apps.reference.resources.codes import EVER
from apps.reference.resources.selectors import own_resources_now


def _own(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    return rows.filter(resource_id__in=own_resources_now(viewer)) if viewer.is_sc else rows.none()


def _of_sc(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def bids(*, viewer: Viewer) -> QuerySet[Bid]:
    """Return bids; an SC sees its own."""
    return _of_sc(Bid.objects.select_related("resource", "sc", "opened_by"), viewer)


def bid_files(*, viewer: Viewer) -> QuerySet[BidFile]:
    """Return bid files; an SC sees its own."""
    return _of_sc(BidFile.objects.select_related("sc", "opened_by"), viewer)


def instructions(*, viewer: Viewer) -> QuerySet[Instruction]:
    """Return use-limit instructions; an SC sees those of its own resources."""
    return _own(Instruction.objects.select_related("resource", "opened_by", "card"), viewer)


def certified_services(*, viewer: Viewer) -> QuerySet[CertifiedService]:
    """Return certified services in their newest version; an SC sees its own resources."""
    version = current_version(CERTIFIED.name, EVER)
    return _own(CertifiedService.objects.filter(dataset_version=version), viewer)


def use_limits(*, viewer: Viewer) -> QuerySet[UseLimit]:
    """Return use limits in their newest version; an SC sees its own resources."""
    version = current_version(USE_LIMITS.name, EVER)
    return _own(UseLimit.objects.filter(dataset_version=version), viewer)


def use_readings(*, viewer: Viewer) -> QuerySet[UseReading]:
    """Return what was used, day by day; an SC sees its own resources."""
    return _own(newest_readings(), viewer)


def _newest(model: type[Result]) -> QuerySet[Any]:
    newest = (
        Run.objects.filter(kind__in=INSERTION.values(), state__in=["SEALED", "PUBLISHED"])
        .order_by("kind", "trade_date", "-version")
        .distinct("kind", "trade_date")
    )
    return model._default_manager.filter(run_id__in=newest.values("pk"))


def bid_hours(*, viewer: Viewer) -> QuerySet[BidHour]:
    """Return obligations and offers by hour from the newest insertion; own ones for an SC."""
    return _own(_newest(BidHour), viewer)


def shortfalls(*, viewer: Viewer) -> QuerySet[BidHour]:
    """Return the hours in which an SC left out some of its obligation."""
    return bid_hours(viewer=viewer).filter(shortfall_mw__gt=0)


def bid_rows(*, viewer: Viewer) -> QuerySet[BidRow]:
    """Return bids after insertion from the newest runs; an SC sees its own resources."""
    return _own(_newest(BidRow), viewer)


def insertion_run(market: str, day: date) -> Run | None:
    """Return the newest sealed insertion of a market and trade date, or None."""
    return (
        Run.objects.filter(
            kind=INSERTION[Market(market)], trade_date=day, state__in=["SEALED", "PUBLISHED"]
        )
        .order_by("-version")
        .first()
    )


def bids_of_day(
    market: str, day: date, known_at: datetime, resource_ids: Iterable[int] | None = None
) -> list[Bid]:
    """Return the bids of a market's trade date sent by a moment, oldest first, withdrawn too."""
    rows = Bid.objects.filter(market=market, trade_date=day, opened_at__lte=known_at)
    if resource_ids is not None:
        rows = rows.filter(resource_id__in=list(resource_ids))
    return list(rows.order_by("opened_at", "pk"))


def stands(bid: Bid, moment: datetime) -> bool:
    """Whether a bid had been sent and not withdrawn at a moment."""
    if bid.opened_at > moment:
        return False
    return bid.withdrawn_at is None or bid.withdrawn_at > moment


def services_on(day: date, version: Any) -> dict[int, list[tuple[str, Decimal]]]:
    """Return (service, MW) each resource is certified for on a day, in the order of names."""
    rows = (
        CertifiedService.objects.filter(dataset_version=version, effective_date__lte=day)
        .order_by("resource_id", "product", "-effective_date")
        .distinct("resource_id", "product")
    )
    found: dict[int, list[tuple[str, Decimal]]] = {}
    for row in rows:
        found.setdefault(row.resource_id, []).append((row.product, row.mw))
    return found


@dataclass(frozen=True)
class Meter:
    """How much of a limit is used."""

    limit: UseLimit
    used: Decimal

    @property
    def share(self) -> float:
        """Used over allowed, for the bar; 1 and more is exhausted."""
        return float(self.used / self.limit.limit) if self.limit.limit else 1.0

    @property
    def percent(self) -> int:
        """The share in whole percent, at most 100, as wide as the bar."""
        return min(int(self.share * 100), 100)

    @property
    def left(self) -> Decimal:
        """What is left, never below 0."""
        left: Decimal = max(self.limit.limit - self.used, Decimal(0))
        return left

    @property
    def tone(self) -> str:
        """How the bar is to be read."""
        return "bad" if self.share >= 1 else "warn" if self.share >= 0.8 else "good"


def meters(*, viewer: Viewer) -> list[Meter]:
    """Return every limit with what was used in its days, the most used first (BRQ-0530)."""
    limits = list(use_limits(viewer=viewer).select_related("resource"))
    found = []
    for limit in limits:
        sums = (
            newest_readings()
            .filter(
                resource_id=limit.resource_id,
                limit_type=limit.limit_type,
                trade_date__range=(limit.first_date, limit.last_date),
            )
            .aggregate(used=Sum("used"))
        )
        found.append(Meter(limit, sums["used"] or Decimal(0)))
    return sorted(found, key=lambda m: (-m.share, m.limit.resource.code))


def newest_readings() -> QuerySet[UseReading]:
    """Return readings of the newest version of each trade date."""
    versions = (
        DatasetVersion.objects.filter(dataset=USAGE.name)
        .order_by("period", "-version")
        .distinct("period")
    )
    return UseReading.objects.filter(dataset_version_id__in=versions.values("pk"))


def rows_of_run(run: Run | None) -> list[Any]:
    """Return the bids of an insertion run in their order, as named rows."""
    rows = BidRow.objects.filter(run=run).order_by("unit", "hour_ending", "line_no")
    return list(
        rows.values_list(
            "resource_id",
            "hour_ending",
            "config",
            "to_config",
            "product",
            "from_mw",
            "to_mw",
            "price",
            "source",
            named=True,
        )
    )

"""Megawatts out of service, hour by hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import TradeDay


@dataclass(frozen=True)
class Curtailment:
    """MW out from ``start`` up to, not including, ``end`` (None: open)."""

    mw: Decimal
    start: datetime
    end: datetime | None


@implements("BRQ-0520", source="RA rule book 6.1")
def largest_by_hour(outages: Iterable[Curtailment], day: date) -> dict[int, Decimal]:
    """Return the largest sum of concurrent curtailments in each trade hour; hours without none.

    *Interpretation*: an hour is derated by the worst moment in it, so that no obligation is set
    that is not there for the whole hour. Concurrent outages add up.
    """
    trade_day = TradeDay(day)
    found = {}
    listed = list(outages)
    for hour in trade_day.hours:
        start = trade_day.hour_start(hour)
        end = start + timedelta(hours=1)
        here = [o for o in listed if o.start < end and (o.end is None or o.end > start)]
        moments = {start, *(o.start for o in here if o.start > start)}
        if here:
            found[hour] = max(
                sum(
                    (o.mw for o in here if o.start <= m and (o.end is None or o.end > m)),
                    Decimal(0),
                )
                for m in moments
            )
    return found

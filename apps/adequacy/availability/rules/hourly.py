"""Megawatts of an obligation that are curtailed, hour by hour, exact to the second."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from apps.adequacy.availability.codes import WEEKDAYS
from apps.platform.core.quantity import MW, half_up
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, TradeDay

HUNDREDTH = MW.scale // 100  # stored steps in 0.01 MW
HOUR = 3600


@dataclass(frozen=True)
class Piece:
    """Megawatts from a moment up to, not including, another (None: open)."""

    mw: Decimal
    start: datetime
    end: datetime | None


def average_mw(step_seconds: int) -> int:
    """Return the average over an hour in stored steps, rounded once, half up, at 0.01 MW.

    step_seconds: the sum of stored steps of MW times seconds of the hour.
    """
    return half_up(step_seconds, HOUR * HUNDREDTH) * HUNDREDTH


@implements("BRQ-1215", "BRQ-0216", source="BRS 1.2 sections 6.2.2 and 6.4.1")
def hourly_one(
    outages: Iterable[Piece],
    substitutions: Iterable[Piece],
    obligation: Decimal,
    day: date,
    hours: Iterable[int],
) -> dict[int, Decimal]:
    """Return curtailed MW by hour of one obligation that is the whole Pmax.

    Σ over the hour of min(obligation, max(0, out − substituted)), averaged. The plain way, which
    the whole-column one is checked against.
    """
    out, sub = list(outages), list(substitutions)
    trade_day = TradeDay(day)
    whole = MW.to_scaled(obligation)
    found = {}
    for hour in hours:
        start = trade_day.hour_start(hour)
        end = start + timedelta(hours=1)
        moments = {start, end}
        for p in (*out, *sub):
            moments |= {m for m in (p.start, p.end) if m is not None and start < m < end}
        marks = sorted(moments)
        total = 0
        for a, b in itertools.pairwise(marks):
            here = _sum_at(out, a) - _sum_at(sub, a)
            total += min(whole, max(0, here)) * int((b - a).total_seconds())
        found[hour] = MW.from_scaled(average_mw(total))
    return found


def _sum_at(pieces: Iterable[Piece], at: datetime) -> int:
    return sum(
        MW.to_scaled(p.mw) for p in pieces if p.start <= at and (p.end is None or p.end > at)
    )


def assessed_hours(
    rows: Iterable[Mapping[str, Any]],
    ra_type: str,
    category: int | None,
    day: date,
    holidays: frozenset[date],
) -> list[int]:
    """Return the assessed hours of a day, by their place in the day.

    rows: the dated table (``ra_type``, ``category``, ``first_date``, ``last_date``, ``first_he``,
    ``last_he``, ``day_rule``). An hour ending 17 is the one that begins 16:00 Pacific, also on
    days of 23 and 25 hours.
    """
    for row in rows:
        if (row["ra_type"], row["category"]) != (ra_type, category):
            continue
        if not row["first_date"] <= day <= (row["last_date"] or day):
            continue
        if row["day_rule"] == WEEKDAYS and (day.weekday() >= 5 or day in holidays):
            return []
        trade_day = TradeDay(day)
        clock = {h: trade_day.hour_start(h).astimezone(PACIFIC).hour for h in trade_day.hours}
        return [h for h, o in clock.items() if row["first_he"] <= o + 1 <= row["last_he"]]
    return []


def hourly(
    obligations: pl.DataFrame, outages: pl.DataFrame, steps: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Return the averages of every hour of a day for many obligations, whole columns at a time.

    obligations: ``row``, ``obligation``, ``pmax``. outages: ``row``, ``mw``, ``starts_at``,
    ``ends_at``, ``exempt``. steps: ``row``, ``substituted``, ``more`` (MW that a row gets, or
    owes more as a substitute), ``starts_at``, ``ends_at``. All MW in stored steps. Returns
    ``row``, ``hour_ending``, ``obligation``, ``curtailed``, ``exempt``, ``substituted``.
    """
    trade_day = TradeDay(day)
    start = int(trade_day.start.timestamp())
    length = trade_day.hour_count * HOUR
    parts = [
        _events(
            outages,
            start,
            length,
            all_out=pl.col("mw"),
            counted=pl.when(pl.col("exempt")).then(0).otherwise(pl.col("mw")),
        ),
        _events(steps, start, length, sub=pl.col("substituted"), more=pl.col("more")),
    ]
    edges = obligations.select("row").join(
        pl.DataFrame({"t": range(0, length, HOUR)}, schema={"t": pl.Int64}), how="cross"
    )
    zero = {n: pl.lit(0, pl.Int64) for n in ("all_out", "counted", "sub", "more")}
    parts.append(edges.with_columns(**zero))
    timeline = (
        pl.concat(parts, how="diagonal")
        .group_by("row", "t")
        .agg(pl.col("all_out", "counted", "sub", "more").sum())
        .sort("row", "t")
        .with_columns(pl.col("all_out", "counted", "sub", "more").cum_sum().over("row"))
        .with_columns(
            lasts=pl.col("t").shift(-1).over("row").fill_null(length) - pl.col("t"),
            hour_ending=pl.col("t") // HOUR + 1,
        )
        .join(obligations, on="row")
        .with_columns(owed=pl.col("obligation") + pl.col("more"))
        .with_columns(slack=(pl.col("pmax") - pl.col("owed")).clip(lower_bound=0))
    )
    eaten_all = _eaten("all_out")
    eaten = _eaten("counted")
    left = (pl.col("counted") - pl.col("slack") - pl.col("sub")).clip(lower_bound=0)
    curtailed = pl.min_horizontal(left, pl.col("owed"))
    return (
        timeline.with_columns(
            __curtailed=curtailed,
            __exempt=eaten_all - eaten,
            __sub=pl.min_horizontal(pl.col("sub"), eaten),
        )
        .group_by("row", "hour_ending")
        .agg(
            obligation=_average("owed"),
            curtailed=_average("__curtailed"),
            exempt=_average("__exempt"),
            substituted=_average("__sub"),
        )
        .sort("row", "hour_ending")
    )


def _eaten(out: str) -> pl.Expr:
    over = (pl.col(out) - pl.col("slack")).clip(lower_bound=0)
    return pl.min_horizontal(over, pl.col("owed"))


def _average(name: str) -> pl.Expr:
    step_seconds = (pl.col(name) * pl.col("lasts")).sum()
    whole = HOUR * HUNDREDTH
    return (2 * step_seconds + whole) // (2 * whole) * HUNDREDTH


def _events(frame: pl.DataFrame, start: int, length: int, **mw: pl.Expr) -> pl.DataFrame:
    """Return a step up at each beginning and a step down at each end, within the day."""
    begun = (pl.col("starts_at").dt.epoch("s") - start).clip(0, length)
    ended = (pl.col("ends_at").dt.epoch("s") - start).fill_null(length).clip(0, length)
    timed = frame.with_columns(__from=begun, __to=ended, **mw).filter(
        pl.col("__from") < pl.col("__to")
    )
    up = timed.select("row", *mw, t="__from")
    down = timed.filter(pl.col("__to") < length).select("row", *(-pl.col(n) for n in mw), t="__to")
    return pl.concat([up, down])

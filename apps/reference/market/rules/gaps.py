"""What is missing of a day: which hours, or which intervals of which hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from apps.platform.core.tradetime import TradeDay
from apps.platform.core.violations import Severity, Violation

FIVES = 12  # places within an hour, counted in 5-minute steps from 1
SLOT_WORDS = {1: "hours", 4: "quarters", 12: "5-minute intervals"}
INTERVALS_OF = {"RTPD": 4, "RTM": 12, "RTD": 12}
MOST_NAMED = 12


@dataclass(frozen=True)
class Gaps:
    """How rows of a dataset divide the day, and what a missing one means.

    ``series``: the columns that name a series, such as an SC and a TAC area. ``means``: what
    becomes of a missing row, as a sentence says it. ``each``: rows an hour; None: as the market
    of the row and the places seen say. ``whole_day``: every hour is wanted, else those the series
    names.
    """

    series: tuple[str, ...]
    means: str
    each: int | None = 1
    whole_day: bool = True


def check_gaps(
    frame: pl.DataFrame, gaps: Gaps, *, held: pl.DataFrame | None = None
) -> list[Violation]:
    """Return a warning for each series and day that lacks rows, naming the intervals.

    frame: ``line_no``, ``trade_date``, ``hour_ending`` and ``place``, which counts 5-minute steps
    of the hour from 1, beside the columns of the series. ``held``: rows of the same columns that
    stay in force; what stands there is not missing.
    """
    series, key = list(gaps.series), ["trade_date", *gaps.series]
    rows = frame.select(*key, "hour_ending", "place")
    first = frame.group_by(key).agg(pl.col("line_no").min().alias("first"))
    if held is not None and held.height:
        rows = pl.concat([rows, held.select(rows.columns)], how="vertical_relaxed")
    seen = (
        rows.unique()
        .join(first, on=key, nulls_equal=True)
        .group_by([*key, "first"])
        .agg(pl.struct("hour_ending", "place").alias("held"), pl.col("place").unique())
        .sort("first")
    )
    found = []
    for row in seen.iter_rows(named=True):
        each = gaps.each or price_places(row["market_run_id"], row["place"])
        missing, wanted = _missing(row["trade_date"], row["held"], each, gaps.whole_day)
        if missing:
            names = " ".join(str(row[s]) for s in series)
            words = SLOT_WORDS.get(each, "intervals")
            said = f"{names} has {wanted - len(missing)} of {wanted} {words} of {row['trade_date']}"
            sentence = f"{said}. Missing: {which(missing, each)}. {gaps.means}"
            found.append(Violation("MKT-GAP", sentence, row["first"], severity=Severity.WARNING))
    return found


def _missing(
    day: date, held: list[dict[str, int]], each: int, whole_day: bool
) -> tuple[list[tuple[int, int]], int]:
    """Return the (hour, interval) pairs that are missing, and how many are wanted."""
    step = FIVES // each
    present = {(p["hour_ending"], (p["place"] - 1) // step + 1) for p in held}
    hours: Iterable[int] = TradeDay(day).hours if whole_day else sorted({h for h, _ in present})
    wanted = [(h, s) for h in hours for s in range(1, each + 1)]
    return [pair for pair in wanted if pair not in present], len(wanted)


def price_places(market: str, places: list[int]) -> int:
    """Return how many prices a market has each hour: hourly, quarters or 5-minute intervals."""
    seen = set(places)
    if seen <= {1}:
        return 1
    return max(INTERVALS_OF.get(market, 1), 4 if seen <= {1, 4, 7, 10} else FIVES)


def which(missing: list[tuple[int, int]], each: int) -> str:
    """Return which hours, or which intervals of which hours, are missing; twelve parts at most."""
    by_hour: dict[int, list[int]] = {}
    for hour, slot in missing:
        by_hour.setdefault(hour, []).append(slot)
    word = "quarter" if each == 4 else "interval"
    parts: list[tuple[int, str]] = []
    for first, last in runs_of(h for h, slots in by_hour.items() if len(slots) == each):
        parts.append((first, f"HE{first:02}" if first == last else f"HE{first:02} to HE{last:02}"))
    for hour, slots in by_hour.items():
        if len(slots) < each:
            runs = [f"{a}" if a == b else f"{a} to {b}" for a, b in runs_of(slots)]
            plural = "s" if len(slots) > 1 else ""
            parts.append((hour, f"HE{hour:02} {word}{plural} {', '.join(runs)}"))
    named = [text for _, text in sorted(parts)]
    more = f"; and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return "; ".join(named[:MOST_NAMED]) + more


def runs_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return numbers in order as runs of neighbours: (first, last)."""
    runs: list[tuple[int, int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], n)
        else:
            runs.append((n, n))
    return runs


def with_place(frame: pl.DataFrame, instant: str) -> pl.DataFrame:
    """Add ``place``: where in its hour an instant lies, in 5-minute steps from 1."""
    return frame.with_columns((pl.col(instant).dt.minute() // 5 + 1).cast(pl.Int64).alias("place"))


def numbered_place(frame: pl.DataFrame, number: str, each: int) -> pl.DataFrame:
    """Add ``place`` from the number of an interval within its hour, of ``each`` an hour."""
    place = (pl.col(number) - 1) * (FIVES // each) + 1
    return frame.with_columns(place.cast(pl.Int64).alias("place"))


def hourly_place(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``place`` of rows that stand for whole hours."""
    return frame.with_columns(pl.lit(1, dtype=pl.Int64).alias("place"))

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
ROWS_AT_ONCE = 50_000  # whose series are counted together: what that takes is a bound of memory
MOST_SERIES = 6_000  # more than the warnings that are kept of a file, which refuses it


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
    stay in force; what stands there is not missing. Of very many series the first are named, and
    it is said of how many more it is so.
    """
    series, key = list(gaps.series), ["trade_date", *gaps.series]
    rows = frame.select(*key, "line_no", "hour_ending", "place")
    if held is not None and held.height:
        kept = held.select(*key, "hour_ending", "place")
        rows = pl.concat([rows, kept], how="diagonal_relaxed")
    among = pl.struct(key).hash() % (rows.height // ROWS_AT_ONCE + 1)
    lacking = pl.concat(
        _that_lack(rows.filter(among == number), key, gaps)
        for number in range(rows.height // ROWS_AT_ONCE + 1)
    ).sort("first")
    seen = (
        rows.join(lacking.head(MOST_SERIES), on=key, nulls_equal=True)
        .group_by([*key, "first", "each"])
        .agg(pl.struct("hour_ending", "place").unique().alias("held"))
        .sort("first")
    )
    found = []
    if lacking.height > MOST_SERIES:
        said = f"{lacking.height:,} series lack rows of a day; the first {MOST_SERIES:,} are named."
        found.append(Violation("MKT-GAP", f"{said} {gaps.means}", severity=Severity.WARNING))
    for row in seen.iter_rows(named=True):
        each = row["each"]
        missing, wanted = _missing(row["trade_date"], row["held"], each, gaps.whole_day)
        names = " ".join(str(row[s]) for s in series)
        words = SLOT_WORDS.get(each, "intervals")
        said = f"{names} has {wanted - len(missing)} of {wanted} {words} of {row['trade_date']}"
        sentence = f"{said}. Missing: {which(missing, each)}. {gaps.means}"
        found.append(Violation("MKT-GAP", sentence, row["first"], severity=Severity.WARNING))
    return found


def _that_lack(rows: pl.DataFrame, key: list[str], gaps: Gaps) -> pl.DataFrame:
    """Return the series and days of a file that lack rows, in no order.

    ``first``: the number of their first row; ``each``: how many rows an hour of them has. Told from
    numbers alone, as a file may hold hundreds of thousands of series.
    """
    per = rows.group_by(key).agg(pl.col("line_no").min().alias("first"), pl.col("place").unique())
    places = (
        pl.struct("market_run_id", "place").map_elements(
            lambda row: price_places(row["market_run_id"], row["place"]), return_dtype=pl.Int64
        )
        if gaps.each is None
        else pl.lit(gaps.each, dtype=pl.Int64)
    )
    per = per.filter(pl.col("first").is_not_null()).with_columns(places.alias("each")).drop("place")
    days = per["trade_date"].unique()
    lengths = [TradeDay(day).hour_count for day in days.to_list()]
    hours = pl.DataFrame({"trade_date": days, "hours": pl.Series(lengths, dtype=pl.Int64)})
    slot = (pl.col("place") - 1) // (FIVES // pl.col("each"))
    counts = (
        rows.join(per, on=key, nulls_equal=True)
        .join(hours, on="trade_date")
        .with_columns(slot.alias("slot"))
        .group_by([*key, "first", "each", "hours"])
        .agg(
            pl.struct("hour_ending", "slot")
            .filter((pl.col("hour_ending") <= pl.col("hours")) | (not gaps.whole_day))
            .n_unique()
            .alias("present"),
            pl.col("hour_ending").n_unique().alias("named"),
        )
    )
    wanted = pl.col("hours") if gaps.whole_day else pl.col("named")
    lacks = pl.col("present") < wanted * pl.col("each")
    return counts.filter(lacks).select(*key, "first", "each")


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

"""Checks over a whole file at once: hours that exist, gaps, parts that add up."""

from __future__ import annotations

import polars as pl

from apps.platform.core.quantity import USD_PER_MWH
from apps.platform.core.tradetime import TradeDay
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.rules import MOST_PER_COLUMN, not_all_named

PRICE_TOLERANCE = USD_PER_MWH.to_scaled("0.0001")


def check_hours(
    frame: pl.DataFrame, *, day: str, hour: str, headers: tuple[str, str]
) -> list[Violation]:
    """Return errors for hours a trade date does not have.

    frame: ``line_no``, a date column ``day`` and an hour-ending column ``hour``. A day has 23, 24
    or 25 hours by the Pacific clock. Of very many the first are named, and how many there are.
    """
    found: list[Violation] = []
    wrong = 0
    for (trade_date,), part in frame.partition_by(day, as_dict=True).items():
        count = TradeDay(trade_date).hour_count
        beyond = part.filter(pl.col(hour) > count)
        said = f"{trade_date} has trade hours 1 to {count}."
        found += [
            Violation("MKT-HOUR", said, line, headers[1])
            for line in beyond["line_no"].head(max(MOST_PER_COLUMN - wrong, 0))
        ]
        wrong += beyond.height
    return [*found, *not_all_named(headers[1], wrong)]


def trade_hours(frame: pl.DataFrame, instant: str) -> pl.DataFrame:
    """Add ``trade_date``, ``hour_ending`` and ``oasis_hour`` of the hour that begins at an instant.

    ``hour_ending`` counts hours from the start of the Pacific day: the repeated hour in autumn is
    number 3 and the day ends with 25. ``oasis_hour`` follows the clock, as OASIS numbers hours:
    there the repeated hour is 25 and the one after it 3.
    """
    local = frame.with_columns(
        pl.col(instant).dt.convert_time_zone("America/Los_Angeles").alias("__local")
    )
    local = local.with_columns(
        pl.col("__local").dt.date().alias("trade_date"),
        pl.col("__local").dt.truncate("1d").dt.convert_time_zone("UTC").alias("__start"),
    )
    return (
        local.with_columns(
            ((pl.col(instant) - pl.col("__start")).dt.total_seconds() // 3600 + 1)
            .cast(pl.Int64)
            .alias("hour_ending"),
            pl.col("__local").dt.hour().cast(pl.Int64).alias("__clock"),
        )
        .with_columns(
            pl.when((pl.col("__clock") == 1) & (pl.col("hour_ending") == 3))
            .then(25)
            .otherwise(pl.col("__clock") + 1)
            .alias("oasis_hour")
        )
        .drop("__local", "__start", "__clock")
    )


def check_published_hour(
    hours: pl.DataFrame, *, day: str, hour: str, headers: tuple[str, str]
) -> list[Violation]:
    """Return errors where the published date and hour do not agree with the start in UTC.

    hours: a frame of ``trade_hours``; either way of numbering hours is accepted, blanks pass.
    """
    other_day = pl.col(day) != pl.col("trade_date")
    other_hour = (pl.col(hour) != pl.col("hour_ending")) & (pl.col(hour) != pl.col("oasis_hour"))
    wrong = hours.filter(other_day.fill_null(False) | other_hour.fill_null(False))
    sentence = f"{headers[0]} and {headers[1]} do not agree with the start in UTC."
    return [Violation("MKT-TIME", sentence, line, headers[1]) for line in wrong["line_no"]]


def check_price_parts(frame: pl.DataFrame) -> list[Violation]:
    """Warn where an LMP differs from the sum of the parts in the file by more than 0.0001 $/MWh."""
    parts = frame.pivot(
        on="lmp_type",
        index=["node", "market_run_id", "opr_dt", "opr_hr", "opr_interval"],
        values="price",
        aggregate_function="first",
    )
    needed = {"LMP", "MCE", "MCC", "MCL"}
    if not needed <= set(parts.columns):
        return []
    rest = pl.col("MCE") + pl.col("MCC") + pl.col("MCL")
    if "MGHG" in parts.columns:
        rest = rest + pl.col("MGHG").fill_null(0)
    wrong = parts.filter((pl.col("LMP") - rest).abs() > PRICE_TOLERANCE)
    return [
        Violation(
            "MKT-PARTS",
            f"{row['node']} {row['opr_dt']} hour {row['opr_hr']}: LMP is not the sum of its parts.",
            severity=Severity.WARNING,
        )
        for row in wrong.head(1000).iter_rows(named=True)
    ]

"""Moments of reported outages: seams closed, the clock's two changes read right."""

from __future__ import annotations

import polars as pl

from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Severity, Violation

ZONE = "America/Los_Angeles"


def _day_end(name: str) -> pl.Expr:
    """Read 23:59 as the end of its day, so that segments meet."""
    late = (pl.col(name).dt.hour() == 23) & (pl.col(name).dt.minute() == 59)
    return (
        pl.when(late)
        .then(pl.col(name).dt.truncate("1d").dt.offset_by("1d"))
        .otherwise(pl.col(name))
    )


def _moment(name: str, which: str) -> pl.Expr:
    zoned = pl.col(name).dt.replace_time_zone(
        ZONE, ambiguous="earliest" if which == "earliest" else "latest", non_existent="null"
    )
    return zoned.dt.convert_time_zone("UTC")


@implements("BRQ-0216", source="RA rule book sections 1.3 and 10")
def outage_moments(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``starts_at`` and ``ends_at`` in UTC to rows with wall-clock ``starts`` and ``ends``.

    frame: also ``mrid`` and ``resource_id``. A moment that the clock skips is null. See the
    algorithm page for the repeated hour (*Interpretation*).
    """
    with_days = frame.with_columns(
        _day_end("starts").alias("__from"), _day_end("ends").alias("__to")
    ).with_columns(
        _moment("__from", "earliest").alias("__first"),
        _moment("__from", "latest").alias("__second"),
        _moment("__to", "earliest").alias("__to_first"),
        _moment("__to", "latest").alias("__to_second"),
    )
    repeated = pl.col("__first") != pl.col("__second")
    turn = repeated & (pl.col("ends") == pl.col("starts"))
    after_turn = repeated & ~turn & turn.any().over("mrid", "resource_id", "starts")
    begun = pl.when(after_turn).then(pl.col("__second")).otherwise(pl.col("__first"))
    return (
        with_days.with_columns(begun.alias("starts_at"))
        .with_columns(
            pl.when(pl.col("__to_first") > pl.col("starts_at"))
            .then(pl.col("__to_first"))
            .otherwise(pl.col("__to_second"))
            .alias("ends_at")
        )
        .drop("__from", "__to", "__first", "__second", "__to_first", "__to_second")
    )


def outage_violations(frame: pl.DataFrame) -> list[Violation]:
    """Return what is wrong, or worth saying, about rows with their moments."""
    found = []
    for column, name in (("starts", "starts_at"), ("ends", "ends_at")):
        skipped = frame.filter(pl.col(column).is_not_null() & pl.col(name).is_null())
        found += [
            Violation("OUT-CLOCK", "The clock skips this time in spring.", line, column.upper())
            for line in skipped["line_no"]
        ]
    backwards = frame.filter(pl.col("ends_at") < pl.col("starts_at"))
    found += [
        Violation(
            "OUT-ORDER",
            "The outage ends before it starts.",
            line,
            "CURTAILMENT END DATE TIME",
            value=str(end),
        )
        for line, end in backwards.select("line_no", "ends").iter_rows()
    ]
    empty = frame.filter(pl.col("ends_at") == pl.col("starts_at"))
    found += [
        Violation(
            "OUT-EMPTY",
            "The segment has no length; it counts for nothing.",
            line,
            severity=Severity.INFO,
        )
        for line in empty["line_no"]
    ]
    above = frame.filter(pl.col("curtailed_mw") > pl.col("pmax_mw"))
    found += [
        Violation(
            "OUT-PMAX",
            "More than Pmax is out; it is kept as printed.",
            line,
            "CURTAILMENT MW",
            Severity.INFO,
        )
        for line in above["line_no"]
    ]
    return found

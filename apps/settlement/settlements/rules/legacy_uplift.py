"""Legacy RMR and market uplift: Condition 2 and hours under RMR dispatch are outside it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from apps.platform.core.rulebook import implements

RMR_DISPATCH = ("RMRR",)
CONDITION_2 = "2"


@implements("BRQ-1200", "BRQ-1255", source="settlement rule book 15, decision G31")
def without_uplift(legacy: Mapping[int, str]) -> set[int]:
    """Return legacy resources that no market uplift is paid to: those of Condition 2.

    legacy: condition by resource. Their costs are paid by their own contract. *Interpretation*: a
    legacy contract without a condition on file is an ordinary generator, as Condition 1 is.
    """
    return {key for key, condition in legacy.items() if condition == CONDITION_2}


@implements("BRQ-1200", "BRQ-1255", source="settlement rule book 15, decision G31")
def dispatched_hours(intervals: pl.DataFrame, legacy: Mapping[int, str]) -> pl.DataFrame:
    """Return the hours of legacy resources under RMR dispatch: resource_id and hour_ending.

    *Interpretation*: an hour is under RMR dispatch where one of its 5-minute intervals has the
    instruction RMRR.
    """
    mine = pl.col("resource_id").is_in(sorted(legacy))
    rmr = pl.col("ed_type").fill_null("").is_in(RMR_DISPATCH)
    return (
        intervals.filter(mine & rmr)
        .select("resource_id", "hour_ending")
        .unique(maintain_order=True)
    )


def twelfths_outside(commitments: pl.DataFrame, hours: pl.DataFrame) -> pl.DataFrame:
    """Return line_no and what of each commitment counts, in twelfths of an hour.

    hours: those under RMR dispatch. A start or transition in one counts nothing, a run counts its
    intervals in other hours.
    """
    first = (pl.col("hour_ending") - 1) * 12 + pl.col("interval") - 1
    whole = pl.when(pl.col("event") == "RUN").then(pl.col("intervals").fill_null(0)).otherwise(12)
    rows = commitments.select(
        "line_no",
        "resource_id",
        "event",
        first=first,
        twelfths=whole,
        last=first
        + pl.when(pl.col("event") == "RUN").then(pl.col("intervals").fill_null(0)).otherwise(1),
    )
    if hours.is_empty():
        return rows.select("line_no", "twelfths")
    inside = (
        rows.join(hours, on="resource_id")
        .with_columns(begin=(pl.col("hour_ending") - 1) * 12, end=pl.col("hour_ending") * 12)
        .with_columns(shared=pl.min_horizontal("last", "end") - pl.max_horizontal("first", "begin"))
        .filter(pl.col("shared") > 0)
        .group_by("line_no")
        .agg(pl.col("shared").sum())
    )
    left = (
        pl.when(pl.col("shared").is_null())
        .then(pl.col("twelfths"))
        .when(pl.col("event") == "RUN")
        .then(pl.col("twelfths") - pl.col("shared"))
        .otherwise(0)
    )
    return rows.join(inside, on="line_no", how="left").select("line_no", twelfths=left)


def outside(frame: pl.DataFrame, hours: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a frame by resource and hour that are not under RMR dispatch."""
    return frame.join(hours, on=["resource_id", "hour_ending"], how="anti")

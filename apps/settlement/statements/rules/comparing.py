"""Two sets of settlement lines side by side: what differs, the largest difference first."""

from __future__ import annotations

import polars as pl

from apps.platform.core.rulebook import implements
from apps.settlement.statements.rules.composition import KEY

STANDS = ("ONLY_NEW", "ONLY_OLD", "DIFFERENT", "SAME")


@implements("BRQ-1201", source="settlement rule book 1.5")
def side_by_side(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return every line of either side with both amounts, the change and how it stands, in cents.

    Lines are matched by SC, charge code, resource, TAC area and contract. Problems come first: the
    largest change, then the key, so that the order is always the same.
    """
    joined = (
        old.select(*KEY, pl.col("amount").alias("was"))
        .join(
            new.select(*KEY, pl.col("amount").alias("now")),
            on=KEY,
            how="full",
            coalesce=True,
            nulls_equal=True,
        )
        .with_columns(
            stands=pl.when(pl.col("was").is_null())
            .then(pl.lit("ONLY_NEW"))
            .when(pl.col("now").is_null())
            .then(pl.lit("ONLY_OLD"))
            .when(pl.col("was") != pl.col("now"))
            .then(pl.lit("DIFFERENT"))
            .otherwise(pl.lit("SAME")),
            change=pl.col("now").fill_null(0) - pl.col("was").fill_null(0),
        )
    )
    return joined.sort(
        pl.col("change").abs(), *KEY, descending=[True, *(False for _ in KEY)], nulls_last=True
    )


def summed(lines: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return what each value of a column was, is and changed by, the largest mover first."""
    return (
        lines.group_by(by)
        .agg(
            pl.col("was").fill_null(0).sum(),
            pl.col("now").fill_null(0).sum(),
            pl.col("change").sum(),
            moved=(pl.col("change") != 0).sum(),
            size=pl.col("change").abs().sum(),
        )
        .sort(pl.col("size"), by, descending=[True, False], nulls_last=True)
    )

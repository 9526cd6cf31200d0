"""Statement lines from settlement results: the full amount, and the change since last time."""

from __future__ import annotations

import polars as pl

KEY = ["sc_id", "charge_code", "resource_id", "tac_area_id", "contract_no"]


def compose(given: pl.DataFrame, previous: pl.DataFrame | None) -> pl.DataFrame:
    """Return every SC's lines with full and previous amount, numbered within the SC.

    given: the key columns and ``amount`` in cents, of every charge code. previous: the lines of the
    earlier published version, same columns, or None for a first one. A line that ended stays as a
    line of 0.00 with its previous amount, so that changes add up: the amount of a version is the
    sum of all changes up to it (settlement rule book, sections 1.5 and 13).
    """
    lines = given.select([*KEY, "amount"])
    if previous is None:
        joined = lines.with_columns(pl.lit(None, dtype=pl.Int64).alias("previous_amount"))
    else:
        before = previous.select([*KEY, pl.col("amount").alias("previous_amount")]).filter(
            pl.col("previous_amount") != 0
        )
        joined = lines.join(before, on=KEY, how="full", coalesce=True, nulls_equal=True)
        joined = joined.with_columns(
            pl.col("amount").fill_null(0), pl.col("previous_amount").fill_null(0)
        )
    return joined.sort(
        KEY,
        descending=[False, True, False, False, False],
    ).with_columns((pl.int_range(pl.len()).over("sc_id") + 1).alias("line_no"))

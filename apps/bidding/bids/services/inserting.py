"""The insertion of a market's trade date: every RMR resource, every hour, what the ISO adds."""

from __future__ import annotations

from typing import Any

import polars as pl

from apps.bidding.bids.models import BidHour, BidRow
from apps.bidding.bids.services.filling import HOUR_COLUMNS, ROW_COLUMNS, fill_resource
from apps.bidding.bids.services.insertion_inputs import InsertionInputs, gather
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import TradeDay
from apps.platform.runs.hooks import Computed, Invariant, RunContext


@implements("BRQ-0260", "BRQ-0520", "BRQ-0523", source="BRS 1.2 sections 6.2.2 and 6.3.1")
def insert_bids(context: RunContext) -> Computed:
    """Fill the bids of every hour of a trade date; legacy resources pass as they bid.

    Bids and outages count as they stood at each hour's market close, or at the run's moment where
    the market is still open. 23, 24 or 25 hours, as the day has.
    """
    found = gather(context)
    hours: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    names = {k: r.code for k, r in found.on_file.items()}
    for key in sorted(found.vintage, key=lambda k: (names.get(k, ""), k)):
        fill_resource(found, key, hours, rows)
    hour_frame = pl.DataFrame(hours, schema=HOUR_COLUMNS, orient="row")
    row_frame = pl.DataFrame(rows, schema=ROW_COLUMNS, orient="row")
    writes = [
        (
            model,
            frame.with_row_index("line_no", offset=1).with_columns(
                pl.lit(found.day).alias("trade_date")
            ),
        )
        for model, frame in ((BidHour, hour_frame), (BidRow, row_frame))
    ]
    return Computed(
        writes=writes,
        totals={
            "hours": f"{hour_frame.height:,}",
            "hours with insertion": f"{hour_frame.filter(pl.col('inserted')).height:,}",
            "hours short": f"{hour_frame.filter(pl.col('shortfall_mw') > 0).height:,}",
            "rows of the ISO": f"{row_frame.filter(pl.col('source') == 'ISO').height:,}",
        },
        invariants=_invariants(found, hour_frame, row_frame),
    )


def _invariants(found: InsertionInputs, hours: pl.DataFrame, rows: pl.DataFrame) -> list[Invariant]:
    count = TradeDay(found.day).hour_count
    whole = hours.height == count * len(found.vintage)
    legacy = [k for k, (v, _) in found.vintage.items() if v != "NEW"]
    touched = rows.filter((pl.col("source") == "ISO") & pl.col("resource_id").is_in(legacy))
    above = (
        rows.filter((pl.col("source") == "ISO") & (pl.col("product") == "ENERGY"))
        .join(hours, on=["resource_id", "hour_ending"])
        .filter(pl.col("to_mw") > pl.col("obligation_mw"))
    )
    return [
        Invariant(
            "every hour",
            whole,
            f"{hours.height} hours of {len(found.vintage)} resources on a day of {count} hours.",
        ),
        Invariant(
            "legacy untouched",
            touched.is_empty(),
            f"{touched.height} rows were inserted for legacy resources.",
        ),
        Invariant(
            "never above the obligation",
            above.is_empty(),
            f"{above.height} inserted steps end above the obligation.",
        ),
    ]

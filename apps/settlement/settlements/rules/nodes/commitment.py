"""PC-COMMIT: start-up, minimum-load and transition costs, and the adders within them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from apps.platform.core.rulebook import implements
from apps.settlement.settlements.rules.chain import (
    NODES,
    SINCE,
    Book,
    DayOfChain,
    Figures,
    Node,
    Version,
)
from apps.settlement.settlements.rules.legacy_uplift import dispatched_hours, twelfths_outside
from apps.settlement.settlements.rules.lines import PER_COST, ticks

COST_OF = {"START": "START_UP", "RUN": "MIN_LOAD", "TRANSITION": "TRANSITION"}
PLACE = ["resource_id", "cost_type", "config", "to_config"]


def events_of(commitments: pl.DataFrame) -> pl.DataFrame:
    """Return commitments with the cost, configurations and horizon that name their cost."""
    start = pl.col("event") == "TRANSITION"
    return commitments.with_columns(
        cost_type=pl.col("event").replace_strict(COST_OF, return_dtype=pl.String),
        to_config=pl.when(start).then(pl.col("config").fill_null("")).otherwise(pl.lit("")),
        config=pl.when(start)
        .then(pl.col("from_config").fill_null(""))
        .otherwise(pl.col("config").fill_null("")),
        horizon=pl.when(pl.col("market") == "IFM").then(pl.lit("DA")).otherwise(pl.lit("RT")),
        filed=pl.col("cost"),
    )


@implements("BRQ-1255", "BRQ-1260", "BRQ-0095", "MSIM-2025", source="settlement rule book 6.2, 7")
def commitment_costs(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Cost every event of the day, with the MMA and OC adders that are part of it.

    An event counts where it is qualified and was committed by the ISO or by exceptional dispatch;
    another brings neither cost nor adder. What of an event of legacy RMR is under RMR dispatch
    does not count (decision G31). Its cost is the approved actual cost where there is one,
    else the file's, else the proxy cost of the day. A run of n 5-minute intervals is n/12 hours.
    *Interpretation*: the hour in which an event begins says which approved cost applies.
    """
    costs = book["costs"]
    events = events_of(book["commitments"])
    hours = dispatched_hours(book["intervals"], book["legacy"])
    counts = twelfths_outside(book["commitments"], hours)
    found = (
        events.join(costs["proxy"].rename({"amount": "proxy"}), on=PLACE, how="left")
        .join(_approved(events, costs["approved"]), on="line_no", how="left")
        .join(costs["adders"].rename({"amount": "adder"}), on=PLACE, how="left")
        .join(counts, on="line_no", how="left")
        .sort("resource_id", "line_no")
    )
    unit = pl.coalesce("approved", "filed", "proxy")
    counted = (pl.col("qualified") == "Y") & (pl.col("committed") != "SELF")
    weight = pl.when(counted).then(pl.col("twelfths")).otherwise(0)
    dispatched = pl.col("committed") == "ED"
    return {
        "commitment": found.select(
            "line_no",
            "resource_id",
            "hour_ending",
            "event",
            market=pl.when((pl.col("market") == "IFM") & ~dispatched)
            .then(pl.lit("IFM"))
            .otherwise(pl.lit("RUCRTM")),
            origin=_origin(),
            unit_cost=unit,
            unit_adder=pl.col("adder").fill_null(0),
            twelfths=weight,
            cost=ticks(unit.fill_null(0), PER_COST // 12) * weight.cast(pl.Int128),
            adders=ticks(pl.col("adder").fill_null(0), PER_COST // 12) * weight.cast(pl.Int128),
        )
    }


def _origin() -> pl.Expr:
    """Say where the cost of an event came from."""
    known = [("approved", "APPROVED"), ("filed", "FILE"), ("proxy", "PROXY")]
    return pl.coalesce(
        *(pl.when(pl.col(c).is_not_null()).then(pl.lit(word)) for c, word in known), pl.lit("NONE")
    )


def met_by(events: pl.DataFrame, approved: pl.DataFrame) -> pl.DataFrame:
    """Return every pair of an event and an approved actual cost that is meant for it."""
    return events.join(approved, on=["resource_id", "horizon", "cost_type"], how="inner").filter(
        (pl.col("hour_ending") >= pl.col("first_hour"))
        & (pl.col("hour_ending") <= pl.col("last_hour"))
        & (
            (pl.col("of_config") == "")
            | (pl.col("of_config") == pl.col("config"))
            | (pl.col("of_config") == pl.col("to_config"))
        )
    )


def _approved(events: pl.DataFrame, approved: pl.DataFrame) -> pl.DataFrame:
    pairs = met_by(events, approved).sort("request")
    return pairs.group_by("line_no").agg(approved=pl.col("amount").last())


PC_COMMIT = NODES.register(
    Node(
        code="PC-COMMIT",
        title="Start-up, minimum-load and transition costs",
        role="PC",
        reads={"commitments": "events", "costs": "$", "intervals": "MWh, $", "legacy": "resources"},
        gives=(
            Figures(
                "commitment", "$", ("resource", "market", "event"), "Cost and adders of each event"
            ),
        ),
        versions=(
            Version(
                SINCE,
                "cost = $ × (n/12 for a run of n intervals, 1 for a start or "
                "transition) where qualified and committed by the ISO",
                commitment_costs,
            ),
        ),
        requirements=("BRQ-1255", "BRQ-1260", "BRQ-0095", "MSIM-2025"),
        source="settlement rule book 6.2 (S20)",
    )
)

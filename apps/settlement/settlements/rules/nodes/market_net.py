"""PC-IFM-NET and PC-RTM-NET: cost, adders and revenue of each resource in each market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from apps.settlement.settlements.rules.energy_adjustment import FACTOR
from apps.settlement.settlements.rules.legacy_uplift import (
    dispatched_hours,
    outside,
    without_uplift,
)
from apps.settlement.settlements.rules.lines import PER_COST, PER_ENERGY, ticks
from apps.settlement.settlements.rules.parameters import MEAF_MINIMUM_LOAD, MEAF_SELF_SCHEDULE

SUMS = ("cost", "adders", "revenue", "own_cost", "own_revenue")
HOUR = ["resource_id", "hour_ending"]


def _weighted(steps: pl.Expr, factor: str, count: int, whole: int) -> pl.Expr:
    """Return an amount times the mean of ``count`` factors, in ticks; exact by construction."""
    return ticks(steps, whole // (count * FACTOR)) * pl.col(factor).cast(pl.Int128)


def _energy(mwh: pl.Expr, price: pl.Expr, factor: str, count: int) -> pl.Expr:
    return _weighted(mwh.cast(pl.Int128) * price.cast(pl.Int128), factor, count, PER_ENERGY)


def _summed(book: Book, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Add up what several sources bring to each resource; columns a source lacks are zero.

    A resource that is held has no row: its costs are not known (decision G36). Nor has legacy RMR
    of Condition 2, whose costs are paid outside the market (decision G31).
    """
    apart = {*book["holds"].costs, *without_uplift(book["legacy"])}
    held = ~pl.col("resource_id").is_in(sorted(apart))
    zero = pl.lit(0, dtype=pl.Int128)
    full = [
        part.with_columns(*(zero.alias(n) for n in SUMS if n not in part.columns)).select(
            "resource_id", *SUMS
        )
        for part in parts
    ]
    return (
        pl.concat(full)
        .filter(held)
        .group_by("resource_id")
        .agg(pl.col(*SUMS).sum())
        .sort("resource_id")
    )


@implements("BRQ-1255", source="settlement rule book 15, decision G32")
def _of_minimum_load(short: pl.DataFrame, day: DayOfChain) -> pl.Expr:
    """Return the weight of minimum-load energy sold; short: the rows where it makes a difference.

    EXCLUDED: it counts whole, as the minimum-load cost does. INCLUDED: the factor of its hour.
    """
    reading = "INCLUDED" if short.is_empty() else day.reading(MEAF_MINIMUM_LOAD, "INCLUDED")
    return pl.col("weight") if reading == "INCLUDED" else pl.lit(12 * FACTOR)


@implements("BRQ-1225", source="settlement rule book 15, decision G33")
def _of_self_schedule(short: pl.DataFrame, day: DayOfChain) -> pl.Expr:
    """Return the weight of self-scheduled energy; short: the rows where it makes a difference.

    SCALED: the factor of its hour, on its cost and revenue. UNSCALED: both count whole.
    """
    reading = "SCALED" if short.is_empty() else day.reading(MEAF_SELF_SCHEDULE, "SCALED")
    return pl.col("weight") if reading == "SCALED" else pl.lit(12 * FACTOR)


def _committed(book: Book, market: str) -> pl.DataFrame:
    events: pl.DataFrame = book["commitment"]
    return events.filter(pl.col("market") == market).select("resource_id", "cost", "adders")


@implements("BRQ-1225", "BRQ-1255", source="settlement rule book 3.3 and 6.2")
def ifm_net(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Return what each resource cost and earned in the day-ahead market.

    Energy is weighted by the mean factor of its hour, commitment and AS are not. Self-scheduled
    energy has no bid cost and stands apart, at its default energy bid. Dated parameters say whether
    the factor is also that of minimum-load energy sold (decision G32) and of self-scheduled energy
    (decision G33). *Interpretation*: minimum-load energy that is self-scheduled follows the second
    alone; of the day's energy the self-schedule is the lowest part.
    """
    sums = book["factors"].group_by(HOUR).agg(weight=pl.col("meaf").sum())
    rows = (
        outside(book["hours"], dispatched_hours(book["intervals"], book["legacy"]))
        .join(sums, on=HOUR, how="left")
        .join(book["costs"]["energy"], on="resource_id", how="left")
        .with_columns(pl.col("weight").fill_null(12 * FACTOR), pl.col("oc_energy").fill_null(0))
    )
    bid = pl.max_horizontal(
        pl.col("da_mwh") - pl.max_horizontal("self_mwh", "min_load_mwh"), pl.lit(0)
    )
    least = pl.max_horizontal(
        pl.min_horizontal("min_load_mwh", "da_mwh") - pl.col("self_mwh"), pl.lit(0)
    )
    above = pl.col("da_mwh") - pl.col("self_mwh") - least
    short = rows.filter(pl.col("weight") < 12 * FACTOR)
    rows = rows.with_columns(
        least_weight=_of_minimum_load(short.filter(least > 0), day),
        own_weight=_of_self_schedule(short.filter(pl.col("self_mwh") > 0), day),
    )
    energy = rows.select(
        "resource_id",
        cost=_weighted(pl.col("bid_cost"), "weight", 12, PER_COST)
        + ticks(pl.col("as_bid_cost"), PER_COST),
        adders=_energy(bid, pl.col("oc_energy"), "weight", 12),
        revenue=_energy(above, pl.col("da_lmp"), "weight", 12)
        + _energy(least, pl.col("da_lmp"), "least_weight", 12)
        + ticks(pl.col("as_revenue"), PER_COST),
        own_cost=_weighted(pl.col("self_cost"), "own_weight", 12, PER_COST),
        own_revenue=_energy(pl.col("self_mwh"), pl.col("da_lmp"), "own_weight", 12),
    )
    return {"ifm": _summed(book, [_committed(book, "IFM"), energy])}


@implements("BRQ-1225", "BRQ-1255", "BRQ-1260", source="settlement rule book 3.2, 3.3 and 3.6")
def rtm_net(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Return what each resource cost and earned in RUC and real time, taken together.

    RUC commitment costs belong here. Instructed energy is weighted by the real-time factor; energy
    of exceptional dispatch counts on both sides for new-tariff RMR, and is settled apart for
    others. RUC awards of RMR capacity earn nothing.
    """
    reliability = sorted(book["reliability"])
    dispatched = dispatched_hours(book["intervals"], book["legacy"])
    oc = book["costs"]["energy"]
    per_quarter = (
        book["factors"]
        .with_columns(quarter=(pl.col("interval") - 1) // 3 + 1)
        .group_by([*HOUR, "quarter"])
        .agg(weight=pl.col("rtpm").sum())
    )
    quarters = (
        outside(book["quarters"], dispatched)
        .join(per_quarter, on=[*HOUR, "quarter"], how="left")
        .join(oc, on="resource_id", how="left")
        .with_columns(pl.col("weight").fill_null(3 * FACTOR), pl.col("oc_energy").fill_null(0))
        .select(
            "resource_id",
            cost=_weighted(pl.col("bid_cost"), "weight", 3, PER_COST)
            + ticks(pl.col("as_bid_cost"), PER_COST),
            adders=_energy(pl.col("fmm_mwh"), pl.col("oc_energy"), "weight", 3),
            revenue=_energy(pl.col("fmm_mwh"), pl.col("fmm_lmp"), "weight", 3)
            + ticks(pl.col("as_revenue"), PER_COST),
        )
    )
    intervals = (
        outside(book["intervals"], dispatched)
        .join(book["factors"], on=[*HOUR, "interval"], how="left")
        .join(oc, on="resource_id", how="left")
        .with_columns(pl.col("oc_energy").fill_null(0))
        .select(
            "resource_id",
            cost=_weighted(pl.col("bid_cost"), "rtpm", 1, PER_COST),
            adders=_energy(pl.col("rtd_mwh"), pl.col("oc_energy"), "rtpm", 1),
            revenue=_energy(pl.col("rtd_mwh"), pl.col("rtd_lmp"), "rtpm", 1),
        )
    )
    ruc = (
        outside(book["hours"], dispatched)
        .filter(~pl.col("resource_id").is_in(reliability))
        .select(
            "resource_id",
            cost=ticks(pl.col("ruc_mw"), PER_ENERGY) * pl.col("ruc_bid").cast(pl.Int128),
            revenue=ticks(pl.col("ruc_mw"), PER_ENERGY) * pl.col("ruc_price").cast(pl.Int128),
        )
    )
    dispatch = (
        book["ed"]
        .filter(pl.col("resource_id").is_in(reliability))
        .select("resource_id", "cost", "revenue")
    )
    parts = [_committed(book, "RUCRTM"), quarters, intervals, ruc, dispatch]
    return {"rucrtm": _summed(book, parts)}


NET = ("BRQ-1225", "BRQ-1255")
PC_IFM_NET = NODES.register(
    Node(
        code="PC-IFM-NET",
        title="IFM net amount",
        role="PC",
        reads={
            "hours": "MWh, $",
            "factors": "factor",
            "commitment": "$",
            "costs": "$",
            "holds": "held",
            "intervals": "MWh, $",
            "legacy": "resources",
        },
        gives=(
            Figures("ifm", "$", ("resource",), "Cost, adders and revenue in the day-ahead market"),
        ),
        versions=(
            Version(
                SINCE,
                "C = SUC + MLC + TC + MEAF × bid cost + AS bid cost;  R = MEAF × "
                "(MWh − self) × LMP + AS revenue, minimum-load energy without MEAF where EXCLUDED",
                ifm_net,
            ),
        ),
        requirements=NET,
        source="settlement rule book 3.3 (S19, S1)",
        parameters=(MEAF_MINIMUM_LOAD, MEAF_SELF_SCHEDULE),
    )
)
PC_RTM_NET = NODES.register(
    Node(
        code="PC-RTM-NET",
        title="RUC and RTM net amount",
        role="PC",
        reads={
            "hours": "MWh, $",
            "quarters": "MWh, $",
            "intervals": "MWh, $",
            "factors": "factor",
            "commitment": "$",
            "costs": "$",
            "ed": "$",
            "reliability": "resources",
            "holds": "held",
            "legacy": "resources",
        },
        gives=(
            Figures("rucrtm", "$", ("resource",), "Cost, adders and revenue in RUC and real time"),
        ),
        versions=(
            Version(
                SINCE,
                "C = SUC + MLC + TC of RUC and RTM + RTPM × bid cost + AS bid cost + "
                "RUC MW × bid;  R = RTPM × MWh × LMP + AS revenue + RUC MW × price",
                rtm_net,
            ),
        ),
        requirements=(*NET, "BRQ-1260"),
        source="settlement rule book 3.2, 3.3 (S18, S1)",
    )
)

"""What a settled day keeps: lines, and the figures they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.quantity import MW, SHARE, USD_PER_MW_DAY, half_up
from apps.settlement.settlements.codes import ChargeCode, ContractOutcome
from apps.settlement.settlements.models import (
    AllocationLine,
    CapacityPayment,
    ChargeLine,
    MarketNetting,
    RaaimLine,
    RaaimPool,
)
from apps.settlement.settlements.rules.chain import Book, charge_codes
from apps.settlement.settlements.rules.lines import PER_COST, PORTS_OF_MARKETS, to_cost
from apps.settlement.settlements.rules.netting import MarketNet
from apps.settlement.settlements.rules.nodes.reliability import RmrDay

PAYMENT = {
    "contract_no": pl.String,
    "resource_id": pl.Int64,
    "sc_id": pl.Int64,
    "outcome": pl.String,
    "sentence": pl.String,
    "vintage": pl.String,
    "scope": pl.String,
    "obligation_type": pl.String,
    "capacity_mw": pl.Int64,
    "price": pl.Int64,
    "amount": pl.Int64,
    "is_synthetic": pl.Boolean,
}
ALLOCATION = {
    "contract_no": pl.String,
    "resource_id": pl.Int64,
    "sc_id": pl.Int64,
    "tac_area_id": pl.Int64,
    "scope": pl.String,
    "tac_mw": pl.Int64,
    "load_mwh": pl.Int64,
    "base_mwh": pl.Int64,
    "amount": pl.Int64,
}
NETTING = {
    "resource_id": pl.Int64,
    "sc_id": pl.Int64,
    "market": pl.String,
    "rmr": pl.Boolean,
    "cost": pl.Int64,
    "adders": pl.Int64,
    "adjusted": pl.Int64,
    "revenue": pl.Int64,
    "own_cost": pl.Int64,
    "own_revenue": pl.Int64,
    "bcr": pl.Int64,
    "excess": pl.Int64,
    "true_up": pl.Int64,
}
RAAIM = {
    "resource_id": pl.Int64,
    "sc_id": pl.Int64,
    "month": pl.Date,
    "ra_type": pl.String,
    "source": pl.String,
    "owed": pl.Int64,
    "lost": pl.Int64,
    "hours": pl.Int64,
    "share": pl.Int64,
    "average": pl.Int64,
    "price": pl.Int64,
    "eligible": pl.Int64,
    "charge": pl.Int64,
    "payment": pl.Int64,
    "outcome": pl.String,
    "assessed_days": pl.Int64,
    "measured_days": pl.Int64,
}
POOL = {
    "month": pl.Date,
    "carried_in": pl.Int64,
    "charges": pl.Int64,
    "eligible": pl.Int64,
    "rate": pl.Int64,
    "rate_cap": pl.Int64,
    "paid": pl.Int64,
    "carried_over": pl.Int64,
    "to_load": pl.Int64,
}
APART = {c.value for c in ChargeCode}


def _steps(value: Fraction, scale: int) -> int:
    """Write an exact number in stored steps, half up: for people, not for the calculation."""
    scaled = value * scale
    return half_up(scaled.numerator, scaled.denominator)


def _frame(rows: Iterable[tuple[Any, ...]], schema: dict[str, Any], day: date) -> pl.DataFrame:
    found = pl.DataFrame(list(rows), schema=schema, orient="row")
    return found.with_row_index("line_no", 1).with_columns(pl.lit(day).alias("trade_date"))


def writes(book: Book, day: date) -> list[tuple[Any, pl.DataFrame]]:
    """Return the rows of a settled day by their model, in a fixed order."""
    others = [book[code] for code in sorted(charge_codes()) if code not in APART]
    lines = pl.concat(others).sort(
        "charge_code", "sc_id", "resource_id", "tac_area_id", "contract_no", nulls_last=True
    )
    pool = book["raaim_pool"]
    return [
        (CapacityPayment, _frame((_payment(r) for r in book["rmr"]), PAYMENT, day)),
        (AllocationLine, _frame(_allocation(book), ALLOCATION, day)),
        (ChargeLine, _frame(lines.iter_rows(), dict(lines.schema), day)),
        (MarketNetting, _nettings(book, day)),
        (RaaimLine, _frame(_raaim(book, day), RAAIM, day)),
        (RaaimPool, _frame([_pool(pool)] if pool else [], POOL, day)),
    ]


def _payment(found: RmrDay) -> tuple[Any, ...]:
    contract, capacity = found.contract, found.capacity
    return (
        contract.contract_no,
        contract.resource_id,
        contract.sc_id,
        capacity.outcome.value,
        capacity.sentence[:300],
        capacity.vintage.value,
        contract.scope,
        capacity.obligation_type,
        MW.to_scaled(capacity.capacity_mw) if capacity.capacity_mw else None,
        USD_PER_MW_DAY.to_scaled(contract.price) if contract.price is not None else None,
        capacity.amount_cents if found.settled else None,
        contract.is_synthetic,
    )


def _allocation(book: Book) -> Iterable[tuple[Any, ...]]:
    load = book["md"]
    by_area, everything = load.by_area, sum(load.cells.values())
    for found in book["rmr"]:
        contract = found.contract
        local = contract.scope == "LOCAL"
        for (sc, tac), cents in sorted(found.parts.items()):
            yield (
                contract.contract_no,
                contract.resource_id,
                load.sc_keys[sc],
                load.tac_keys[tac],
                contract.scope,
                MW.to_scaled(found.capacity.tac_mw[tac]) if local else None,
                load.cells[sc, tac],
                by_area[tac] if local else everything,
                cents,
            )


def _nettings(book: Book, day: date) -> pl.DataFrame:
    """Return every market day; one of a resource that is no RMR has its whole bid cost.

    Whole columns for all, then the few of new-tariff RMR as their netting found them.
    """
    scs = pl.DataFrame(
        list(book["resources"].scs.items()),
        schema={"resource_id": pl.Int64, "sc_id": pl.Int64},
        orient="row",
    )
    short = pl.col("cost") - pl.col("revenue")
    zero = pl.lit(0, dtype=pl.Int64)
    parts = []
    for market, port in PORTS_OF_MARKETS.items():
        rows = book[port].filter(pl.any_horizontal(pl.exclude("resource_id") != 0))
        rmr = [
            _netted(key, net, rows)
            for key, nets in book["nets"].items()
            for net in nets
            if net.market == market
        ]
        others = rows.filter(~pl.col("resource_id").is_in(sorted(book["reliability"])))
        parts += [
            others.with_columns(
                adjusted=pl.col("cost"),
                bcr=pl.when(short > 0).then(short).otherwise(pl.lit(0, dtype=pl.Int128)),
            ).select(
                "resource_id",
                pl.lit(market).alias("market"),
                pl.lit(False).alias("rmr"),
                *(_written(n) for n in SUMS),
                excess=zero,
                true_up=zero,
            ),
            *rmr,
        ]
    found: pl.DataFrame = (
        pl.concat(parts).sort("market", "resource_id").join(scs, on="resource_id", how="left")
    )
    numbered: pl.DataFrame = found.select(list(NETTING)).with_row_index("line_no", 1)
    return numbered.with_columns(pl.lit(day).alias("trade_date"))


SUMS = ("cost", "adders", "adjusted", "revenue", "own_cost", "own_revenue", "bcr")


def _written(name: str) -> pl.Expr:
    """Write a column of ticks as stored steps of $0.000001, half up: for people."""
    size = pl.col(name).abs() * 2 + PER_COST
    steps = (size // (2 * PER_COST)).cast(pl.Int64)
    return pl.when(pl.col(name) < 0).then(-steps).otherwise(steps).alias(name)


def _netted(key: int, net: MarketNet, rows: pl.DataFrame) -> pl.DataFrame:
    own = rows.filter(pl.col("resource_id") == key).with_columns(
        adjusted=pl.lit(0, dtype=pl.Int128), bcr=pl.lit(0, dtype=pl.Int128)
    )
    return own.select(
        "resource_id",
        pl.lit(net.market).alias("market"),
        pl.lit(True).alias("rmr"),
        *(_written(n) for n in SUMS),
        excess=pl.lit(to_cost(net.excess), dtype=pl.Int64),
        true_up=pl.lit(to_cost(net.true_up), dtype=pl.Int64),
    ).with_columns(
        adjusted=pl.lit(to_cost(net.adjusted), dtype=pl.Int64),
        bcr=pl.lit(to_cost(net.bcr), dtype=pl.Int64),
    )


def _raaim(book: Book, day: date) -> Iterable[tuple[Any, ...]]:
    for row in book["raaim"]:
        yield (
            row.resource_id,
            row.sc_id,
            day.replace(day=1),
            row.ra_type,
            row.source,
            row.owed,
            row.lost,
            row.one.hours,
            _steps(row.one.share, SHARE.scale),
            _steps(row.one.average, MW.scale),
            to_cost(row.monthly_price),
            _steps(row.eligible, MW.scale),
            row.charge,
            row.payment,
            ContractOutcome.SETTLED.value,
            None,
            None,
        )
    for one in book["holds"].months:
        if one.sc_id is not None and one.month == day.replace(day=1):
            unknown = [None] * 9
            yield (
                one.resource_id,
                one.sc_id,
                day.replace(day=1),
                one.ra_type,
                one.source,
                *unknown,
                ContractOutcome.DATA_HOLD.value,
                one.assessed,
                one.measured,
            )


def _pool(pool: Any) -> tuple[Any, ...]:
    return (
        pool.month,
        pool.carried_in,
        pool.charges,
        _steps(pool.eligible, MW.scale),
        to_cost(pool.rate),
        to_cost(pool.rate_cap),
        pool.paid,
        pool.carried_over,
        pool.to_load,
    )

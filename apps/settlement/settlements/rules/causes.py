"""Why a day's lines changed: inputs replaced group by group, the chain calculated after each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from apps.platform.core.rulebook import implements
from apps.settlement.settlements.rules.chain import NODES, Book, DayOfChain, calculate, charge_codes

CAUSES = ("Rules", "Master data", "Prices", "Quantities", "Allocation base")
"""The causes in the order in which inputs are replaced (an *Interpretation*: what two causes share
goes to the later one)."""
MEANINGS = {
    "Rules": "parameters, formulas and the code that calculates",
    "Master data": "contracts, designations, resources and whose they are",
    "Prices": "contract and market prices, bids, costs, adders, recoveries",
    "Quantities": "megawatts, energy, commitments, availability, penalties, holds",
    "Allocation base": "demand, dispatch shares and deficiencies by which cost is shared",
}
KEY = ("sc_id", "charge_code", "resource_id", "tac_area_id", "contract_no")
FRAMES = {
    "commitments": ["resource_id", "market", "event", "hour_ending", "interval", "config"],
    "hours": ["resource_id", "hour_ending"],
    "quarters": ["resource_id", "hour_ending", "quarter"],
    "intervals": ["resource_id", "hour_ending", "interval"],
}
PRICE_WORDS = ("lmp", "price", "bid", "cost", "reference", "revenue")


def _repriced(old: pl.DataFrame, new: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return old rows with the prices of new ones; rows that only one side has stay as they are."""
    names = [c for c in key if c in old.columns and c in new.columns]
    prices = [c for c in old.columns if c in new.columns and any(w in c for w in PRICE_WORDS)]
    if not prices or old.is_empty() or old.select(names).is_duplicated().any():
        return old
    if new.select(names).is_duplicated().any():
        return old
    fresh = new.select(*names, *(pl.col(c).alias(f"{c}__new") for c in prices), known=pl.lit(True))
    joined = old.join(fresh, on=names, how="left", nulls_equal=True, maintain_order="left")
    repriced: pl.DataFrame = joined.with_columns(
        pl.when(pl.col("known")).then(pl.col(f"{c}__new")).otherwise(pl.col(c)).alias(c)
        for c in prices
    ).select(old.columns)
    return repriced


def _named(rows: Sequence[Any], name: str) -> dict[str, Any]:
    return {getattr(row, name): row for row in rows}


def _kept(new: Sequence[Any], old: Sequence[Any], name: str, fields: Sequence[str]) -> list[Any]:
    """Return new rows in which some fields are still the old ones, where the row was there."""
    before = _named(old, name)
    return [
        replace(row, **{f: getattr(before[getattr(row, name)], f) for f in fields})
        if getattr(row, name) in before
        else row
        for row in new
    ]


def _master(old: Book, new: Book) -> Book:
    return {
        "contracts": _kept(
            new["contracts"], old["contracts"], "contract_no", ("price", "capacity")
        ),
        "cpm": _kept(new["cpm"], old["cpm"], "label", ("mw", "prices", "shares")),
        "resources": new["resources"],
    }


def _prices(old: Book, new: Book) -> Book:
    year = old["availability"]
    if year is not None and new["availability"] is not None:
        year = replace(year, prices=new["availability"].prices)
    return {
        **{name: _repriced(old[name], new[name], key) for name, key in FRAMES.items()},
        "contracts": _kept(new["contracts"], old["contracts"], "contract_no", ("capacity",)),
        "cpm": _kept(new["cpm"], old["cpm"], "label", ("mw", "shares")),
        "costs": new["costs"],
        "recoveries": new["recoveries"],
        "availability": year,
    }


def _quantities(old: Book, new: Book) -> Book:
    return {
        **{name: new[name] for name in FRAMES},
        "contracts": new["contracts"],
        "cpm": _kept(new["cpm"], old["cpm"], "label", ("shares",)),
        "availability": new["availability"],
        "penalties": new["penalties"],
        "holds": new["holds"],
    }


def _base(old: Book, new: Book) -> Book:
    return {name: new[name] for name in ("demand", "month_demand", "ed_shares", "cpm")}


REPLACED: Mapping[str, Callable[[Book, Book], Book]] = {
    "Master data": _master,
    "Prices": _prices,
    "Quantities": _quantities,
    "Allocation base": _base,
}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, pl.DataFrame):
        return isinstance(other, pl.DataFrame) and one.equals(other)
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return all(_same(value, other[name]) for name, value in one.items())
    if hasattr(one, "rows") and isinstance(getattr(one, "rows", None), pl.DataFrame):
        return _same(one.rows, getattr(other, "rows", None)) and one.prices == other.prices
    return bool(one == other)


def lines_of(book: Book) -> pl.DataFrame:
    """Return every line of a calculated book by its key; amounts in cents."""
    bare = pl.col("charge_code").is_in(["RMR-CAP", "RMR-ALLOC"])
    contract = pl.when(bare).then(pl.lit("")).otherwise(pl.col("contract_no"))
    lines: pl.DataFrame = pl.concat([book[code] for code in charge_codes()])
    named = lines.with_columns(contract_no=contract)
    return named.group_by(KEY).agg(pl.col("amount").sum())


@dataclass(frozen=True)
class Sides:
    """Both books as gathered, the day with its parameters now, and the stored lines of both."""

    old: Book
    new: Book
    after: DayOfChain
    was: pl.DataFrame
    now: pl.DataFrame


@implements("BRQ-1201", "BRQ-1203", source="settlement desk: why did it change")
def split_by_cause(sides: Sides) -> pl.DataFrame:
    """Return every line of either side with ``was``, ``now`` and a column of cents by cause.

    The parts of a line add up to its change, to the cent: what the present code does not give of
    the stored lines of either side belongs to the rules. A group of inputs that is the same on
    both sides is not calculated.
    """
    current: Book = dict(sides.old)
    stages = [("was", sides.was.select(*KEY, "amount"))]
    lines = lines_of(calculate(list(NODES), dict(current), sides.after))
    stages.append(("Rules", lines))
    for cause, replaced in REPLACED.items():
        pieces = replaced(current, sides.new)
        if not all(_same(current[name], piece) for name, piece in pieces.items()):
            current |= pieces
            lines = lines_of(calculate(list(NODES), dict(current), sides.after))
        stages.append((cause, lines))
    stages.append(("now", sides.now.select(*KEY, "amount")))
    table = pl.concat([frame.select(KEY) for _, frame in stages]).unique()
    for name, frame in stages:
        amounts = frame.rename({"amount": f"at_{name}"})
        table = table.join(amounts, on=list(KEY), how="left", nulls_equal=True)
    table = table.with_columns(pl.col(f"at_{n}").fill_null(0) for n, _ in stages)
    return _parts(table)


def _parts(table: pl.DataFrame) -> pl.DataFrame:
    order = ["was", *CAUSES]
    steps = [
        (pl.col(f"at_{cause}") - pl.col(f"at_{earlier}")).alias(cause)
        for earlier, cause in zip(order, CAUSES, strict=False)
    ]
    left = pl.col("at_now") - pl.col(f"at_{CAUSES[-1]}")  # other code calculated the new side
    found = table.with_columns(*steps).with_columns((pl.col("Rules") + left).alias("Rules"))
    return (
        found.select(*KEY, pl.col("at_was").alias("was"), *CAUSES, pl.col("at_now").alias("now"))
        .filter(
            (pl.col("was") != 0)
            | (pl.col("now") != 0)
            | pl.any_horizontal(pl.col(c) != 0 for c in CAUSES)
        )
        .sort(*KEY, nulls_last=True)
    )

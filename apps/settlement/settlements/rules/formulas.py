"""The formula of each charge code in the numbers that explain a line of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.formula import Formula, ShownNumber, show
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import last_of_month
from apps.settlement.settlements.rules.chain import Book, DayOfChain
from apps.settlement.settlements.rules.lines import PORTS_OF_MARKETS, exact
from apps.settlement.settlements.rules.share_formulas import (
    SHARES,
    NotReckoned,
    contract_of,
    cpm_case_of,
)
from apps.settlement.settlements.rules.shown_numbers import usd_text
from apps.settlement.settlements.rules.telling import EVERYTHING, Telling

Line = Mapping[str, Any]
MARKET_WORDS = {"IFM": "day-ahead market", "RUCRTM": "RUC and real time"}


@implements("BRQ-1225", "BRQ-1230", source="settlement rule book 1.4 and 13")
def formula_of(
    line: Line, book: Book, day: DayOfChain, telling: Telling = EVERYTHING
) -> Formula | None:
    """Return the formula of a line with its numbers; None for a code that has none.

    book: the chain as calculated for the line's resource. telling: what its reader may know of
    others in it. Working the formula out on the numbers as shown gives the line to the cent. Raises
    NotReckoned where the book lacks what it rests on.
    """
    shared = SHARES.get(line["charge_code"])
    if shared:
        return shared(line, book, day, telling)
    maker = MAKERS.get(line["charge_code"])
    return maker(line, book, day) if maker else None


def _capacity(line: Line, book: Book, day: DayOfChain) -> Formula:
    result, price = contract_of(line, book).capacity, contract_of(line, book).contract.price
    if price is None:
        raise NotReckoned("The contract has no price on this day.")
    kinds = sorted(result.mw_by_type)
    names = {k: f"MW_{k}" for k in kinds}
    how = " + ".join if "+" in result.obligation_type else ", ".join
    whole = how(names[k] for k in kinds)
    paid = f"max({whole})" if "+" not in result.obligation_type and len(kinds) > 1 else f"({whole})"
    numbers = [
        ShownNumber(
            names[k], f"{k} capacity, summed over TAC areas", show(result.mw_by_type[k]), "MW"
        )
        for k in kinds
    ]
    return Formula(
        f"-cents({paid} * Price)",
        (*numbers, ShownNumber("Price", "Contract price", show(price), "$/MW-day")),
    )


def _market_numbers(line: Line, book: Book) -> tuple[list[str], tuple[ShownNumber, ...]]:
    """Return the markets a resource was netted in, with adders, costs and revenues of each."""
    found, markets = [], []
    nets = {n.market: n for n in book["nets"].get(line["resource_id"], ())}
    for market in PORTS_OF_MARKETS:
        day = book["netted"].get((line["resource_id"], market))
        if day is None:
            continue
        markets.append(market)
        for symbol, meaning, value in (
            ("A", "adders counted", nets[market].counted),
            ("C", "bid cost", day.cost),
            ("R", "revenue", day.revenue),
            ("Cs", "self-scheduled cost", day.own_cost),
            ("Rs", "self-scheduled revenue", day.own_revenue),
        ):
            said = f"{MARKET_WORDS[market]}: {meaning}"
            found.append(ShownNumber(f"{symbol}_{market}", said, show(value), "$"))
    return markets, tuple(found)


def _excess(market: str) -> str:
    m = market
    return f"max(0, R_{m} + Rs_{m} - (C_{m} - A_{m}) - Cs_{m})"


def _adder(line: Line, book: Book, day: DayOfChain) -> Formula:
    markets, numbers = _market_numbers(line, book)
    parts = " + ".join(f"min(max(A_{m}, 0), {_excess(m)})" for m in markets)
    return Formula(f"cents({parts or '0'})", numbers)


def _margin(line: Line, book: Book, day: DayOfChain) -> Formula:
    markets, numbers = _market_numbers(line, book)
    parts = " + ".join(f"{_excess(m)} - min(max(A_{m}, 0), {_excess(m)})" for m in markets)
    return Formula(f"cents({parts or '0'})", numbers)


def _uplift(market: str) -> Callable[[Line, Book, DayOfChain], Formula]:
    def make(line: Line, book: Book, day: DayOfChain) -> Formula:
        key, where = line["resource_id"], MARKET_WORDS[market]
        nets = {n.market: n for n in book["nets"].get(key, ())}
        rows = book[PORTS_OF_MARKETS[market]].filter(pl.col("resource_id") == key)
        if rows.is_empty():
            raise NotReckoned("The resource has no cost in this market.")
        row = rows.row(0, named=True)
        numbers = [
            ShownNumber("C", f"{where}: bid cost", show(exact(row["cost"])), "$"),
            ShownNumber("R", f"{where}: revenue", show(exact(row["revenue"])), "$"),
        ]
        if market not in nets:
            return Formula("-cents(max(0, C - R))", tuple(numbers))
        counted = ShownNumber("A", f"{where}: adders counted", show(nets[market].counted), "$")
        return Formula("-cents(max(0, C - A - R))", (*numbers, counted))

    return make


def _dispatch(amount: str, meaning: str, emergency: bool | None) -> Any:
    def make(line: Line, book: Book, day: DayOfChain) -> Formula:
        rows = book["ed"].filter(pl.col("resource_id") == line["resource_id"])
        if emergency is not None:
            rows = rows.filter(pl.col("emergency") == emergency)
        total = exact(int(rows[amount].sum() or 0))
        return Formula("-cents(Sum)", (ShownNumber("Sum", meaning, show(total), "$"),))

    return make


def _stated(symbol: str, meaning: str, usd: str) -> tuple[ShownNumber, ...]:
    return (ShownNumber(symbol, meaning, usd, "$"),)


def _raaim(line: Line, book: Book, day: DayOfChain) -> Formula:
    own = [
        r for r in book["raaim"] if (r.sc_id, r.resource_id) == (line["sc_id"], line["resource_id"])
    ]
    numbers: list[ShownNumber] = []
    for row in own:
        for symbol, meaning, cents in (
            (f"Charge_{row.ra_type}", "charge below the lower bound", row.charge),
            (f"Payment_{row.ra_type}", "payment from the pool", row.payment),
        ):
            numbers.append(ShownNumber(symbol, f"{row.ra_type}: {meaning}", usd_text(cents), "$"))
    return Formula(" + ".join(n.symbol for n in numbers) or "0", tuple(numbers))


def _cpm(line: Line, book: Book, day: DayOfChain) -> Formula:
    case = cpm_case_of(line, book)
    days: dict[Fraction, int] = {}
    for _, price in case.prices:
        days[price] = days.get(price, 0) + 1
    numbers = [
        ShownNumber("MW", "designated capacity", show(case.mw), "MW"),
        ShownNumber("Month", "days of the month", str(last_of_month(day.date).day), "days"),
    ]
    parts = []
    for number, (price, count) in enumerate(days.items(), start=1):
        numbers.append(ShownNumber(f"Price{number}", "price", show(price), "$/kW-month"))
        numbers.append(ShownNumber(f"Days{number}", "days at that price", str(count), "days"))
        parts.append(f"MW * 1000 * Price{number} * Days{number} / Month")
    return Formula(f"-cents({' + '.join(parts)})", tuple(numbers))


def _penalty(line: Line, book: Book, day: DayOfChain) -> Formula:
    found = [p for p in book["penalties"] if p.contract_no == line["contract_no"]]
    if len(found) != 1:
        raise NotReckoned("There is no one penalty of this contract.")
    return Formula("Penalty", _stated("Penalty", "approved penalty", usd_text(found[0].cents)))


def _recovery(line: Line, book: Book, day: DayOfChain) -> Formula:
    found = [c for c in book["recovery"] if c.label == line["contract_no"]]
    if not found:
        raise NotReckoned("The request is not among the approved ones of the day.")
    numbers = tuple(
        ShownNumber(
            f"Item{r.claim.item}",
            f"{r.claim.kind} item {r.claim.item}: {r.sentence}",
            show(r.usd or Fraction(0)),
            "$",
        )
        for r in found[0].items
    )
    return Formula(f"-cents({' + '.join(n.symbol for n in numbers)})", numbers)


MAKERS: Mapping[str, Callable[[Line, Book, DayOfChain], Formula]] = {
    "RMR-CAP": _capacity,
    "RMR-ADDER": _adder,
    "RMR-EXCESS": _margin,
    "RMR-COSTREC": _recovery,
    "RMR-PENALTY": _penalty,
    "BCR-IFM": _uplift("IFM"),
    "BCR-RTM": _uplift("RUCRTM"),
    "ED-IIE": _dispatch("energy", "Σ MWh × price over its intervals", None),
    "ED-EMR": _dispatch("uplift", "Σ MWh × gap over intervals of emergency types", True),
    "ED-TR": _dispatch("uplift", "Σ MWh × gap over intervals of other types", False),
    "RAAIM-SET": _raaim,
    "CPM-SET": _cpm,
}
"""How each charge code is worked out again but shares (``SHARES``); the chain has no other."""

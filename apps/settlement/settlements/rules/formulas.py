"""The formula of each charge code in the numbers that explain a line of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.formula import Formula, ShownNumber, show
from apps.platform.core.quantity import MW, MWH
from apps.platform.core.rulebook import implements
from apps.platform.core.shares import turn_of
from apps.platform.core.tradetime import last_of_month
from apps.settlement.settlements.rules.allocation import allocation_weights
from apps.settlement.settlements.rules.chain import Book, DayOfChain
from apps.settlement.settlements.rules.demand import Load
from apps.settlement.settlements.rules.dispatch_shares import sharing
from apps.settlement.settlements.rules.lines import PORTS_OF_MARKETS, exact
from apps.settlement.settlements.rules.parameters import ALLOCATION_STEP
from apps.settlement.settlements.rules.shown_numbers import mwh_text, turn_numbers, usd_text

Line = Mapping[str, Any]
MARKET_WORDS = {"IFM": "day-ahead market", "RUCRTM": "RUC and real time"}


class NotReckoned(LookupError):
    """No formula can be written for a line: what it rests on is not in the book."""


@implements("BRQ-1225", "BRQ-1230", source="settlement rule book 1.4 and 13")
def formula_of(line: Line, book: Book, day: DayOfChain) -> Formula | None:
    """Return the formula of a line with its numbers; None for a code that has none.

    book: the chain as calculated for the line's resource. Working the formula out on the numbers
    as shown gives the line to the cent. Raises NotReckoned where the book lacks what it rests on.
    """
    maker = MAKERS.get(line["charge_code"])
    return maker(line, book, day) if maker else None


def _contract(line: Line, book: Book) -> Any:
    found = [r for r in book["rmr"] if r.contract.resource_id == line["resource_id"]]
    if not found:
        raise NotReckoned("There is no RMR contract behind this line.")
    return found[0]


def _capacity(line: Line, book: Book, day: DayOfChain) -> Formula:
    result, price = _contract(line, book).capacity, _contract(line, book).contract.price
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


def _cpm_case(line: Line, book: Book) -> Any:
    found = [c for c in book["cpm"] if c.label == line["contract_no"]]
    if not found:
        raise NotReckoned("The designation is not in the month.")
    return found[0]


def _cpm(line: Line, book: Book, day: DayOfChain) -> Formula:
    case = _cpm_case(line, book)
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


def _shared(
    total: int, weights: Mapping[str, int], sc: str, *, what: str, by: str, unit: str, scale: int
) -> Formula:
    rank, left = turn_of(total, dict(weights), sc)
    return Formula(
        "share(Total, Own, All, Rank, Left)",
        (
            ShownNumber("Total", what, usd_text(total), "$"),
            ShownNumber("Own", f"the SC's {by}", show(Fraction(weights[sc], scale)), unit),
            ShownNumber(
                "All",
                f"{by} of all who share it",
                show(Fraction(sum(weights.values()), scale)),
                unit,
            ),
            *turn_numbers(rank, left),
        ),
    )


def _code_of(key: int, keys: Mapping[str, int]) -> str:
    for code, value in keys.items():
        if value == key:
            return code
    raise NotReckoned("The SC or TAC area has no demand on this day.")


def _by_load(of: str) -> Callable[[Line, Book, DayOfChain], Formula]:
    def make(line: Line, book: Book, day: DayOfChain) -> Formula:
        found = sharing(of, line["resource_id"], book)
        return _shared(
            found.cents,
            found.weights,
            _code_of(line["sc_id"], found.sc_keys),
            what=f"sum of {of}, turned round",
            by=found.by,
            unit=found.unit,
            scale=MWH.scale,
        )

    return make


def _rounding(line: Line, book: Book, day: DayOfChain) -> Formula:
    sc = _code_of(line["sc_id"], book["md"].sc_keys)
    total = sum(int(v) for v in book["ROUNDING-ADJ"]["amount"])
    return _shared(
        total,
        book["md_sc"],
        sc,
        what="what is left of the day",
        by="metered demand",
        unit="MWh",
        scale=MWH.scale,
    )


def _residue(line: Line, book: Book, day: DayOfChain) -> Formula:
    sc = _code_of(line["sc_id"], book["md"].sc_keys)
    demand = book["month_demand"].over(set(), None)
    return _shared(
        -book["raaim_pool"].to_load,
        demand,
        sc,
        what="what leaves the pool",
        by="metered demand of the month",
        unit="MWh",
        scale=MWH.scale,
    )


def _cpm_share(line: Line, book: Book, day: DayOfChain) -> Formula:
    case = _cpm_case(line, book)
    paid = {r["contract_no"]: r["amount"] for r in book["CPM-SET"].iter_rows(named=True)}
    total = -int(paid[case.label])
    if case.shares:
        sc = next(code for code, key, _ in case.shares if key == line["sc_id"])
        return _shared(
            total,
            {code: mw for code, _, mw in case.shares},
            sc,
            unit="MW",
            what="payment of the designation",
            by="deficiency",
            scale=MW.scale,
        )
    sc = _code_of(line["sc_id"], book["md"].sc_keys)
    demand = book["month_demand"].over(set(case.areas), {d for d, _ in case.prices})
    return _shared(
        total,
        demand,
        sc,
        what="payment of the designation",
        unit="MWh",
        by="metered demand on its days",
        scale=MWH.scale,
    )


def _by_contract(line: Line, book: Book, day: DayOfChain) -> Formula:
    """Share a contract's net cost, or its penalty, as RMR-ALLOC is shared."""
    found = _contract(line, book)
    load: Load = book["md"]
    sc = _code_of(line["sc_id"], load.sc_keys)
    tac = _code_of(line["tac_area_id"], load.tac_keys)
    total, what = found.cost, "net capacity cost of the resource"
    if found.recoveries:
        what += " with approved recoveries"
    if line["charge_code"] == "RMR-PEN-ALLOC":
        what = "penalty, given back"
        total = -sum(p.cents for p in book["penalties"] if p.contract_no == line["contract_no"])
    scope = found.contract.scope
    mw = {a: MW.to_scaled(v) for a, v in found.capacity.tac_mw.items()}
    own = ShownNumber(
        "Own", "the SC's metered demand in the TAC area", mwh_text(load.cells[sc, tac]), "MWh"
    )
    if scope != "LOCAL":
        weights = allocation_weights(scope=scope, tac_mw=mw, load=load.cells)
        everything = ShownNumber(
            "All",
            "metered demand of all SCs in all TAC areas",
            mwh_text(sum(weights.values())),
            "MWh",
        )
        numbers = (ShownNumber("Total", what, usd_text(total), "$"), own, everything)
        turn = turn_numbers(*turn_of(total, weights, (sc, tac)))
        return Formula("share(Total, Own, All, Rank, Left)", (*numbers, *turn))
    here = (
        ShownNumber("Total", what, usd_text(total), "$"),
        ShownNumber(
            "MW", "contract capacity in the TAC area", show(found.capacity.tac_mw[tac]), "MW"
        ),
        ShownNumber(
            "SumMW",
            "contract capacity in all its TAC areas",
            show(sum(found.capacity.tac_mw.values())),
            "MW",
        ),
        own,
        ShownNumber(
            "All", "metered demand of all SCs in the TAC area", mwh_text(load.by_area[tac]), "MWh"
        ),
    )
    if day.at(ALLOCATION_STEP) == "TAC_FIRST":
        return _in_two_steps(total, mw, load, (sc, tac), here)
    weights = allocation_weights(scope=scope, tac_mw=mw, load=load.cells)
    turn = turn_numbers(*turn_of(total, weights, (sc, tac)))
    return Formula("share(Total, MW * Own, SumMW * All, Rank, Left)", (*here, *turn))


def _in_two_steps(
    total: int,
    mw: Mapping[str, int],
    load: Load,
    cell: tuple[str, str],
    here: tuple[ShownNumber, ...],
) -> Formula:
    areas = {a: w for a, w in mw.items() if w > 0}
    first = turn_of(total, areas, cell[1])
    size = abs(total)
    part = size * areas[cell[1]] // sum(areas.values()) + (1 if first[0] <= first[1] else 0)
    cells = {c: v for c, v in load.cells.items() if c[1] == cell[1] and v > 0}
    second = turn_of(part, cells, cell)
    return Formula(
        "share(share(Total, MW, SumMW, RankTac, LeftTac), Own, All, Rank, Left)",
        (*here, *turn_numbers(*first, "Tac"), *turn_numbers(*second)),
    )


MAKERS: Mapping[str, Callable[[Line, Book, DayOfChain], Formula]] = {
    "RMR-CAP": _capacity,
    "RMR-ADDER": _adder,
    "RMR-EXCESS": _margin,
    "RMR-COSTREC": _recovery,
    "RMR-ALLOC": _by_contract,
    "RMR-PENALTY": _penalty,
    "RMR-PEN-ALLOC": _by_contract,
    "BCR-IFM": _uplift("IFM"),
    "BCR-RTM": _uplift("RUCRTM"),
    "BCR-ALLOC-IFM": _by_load("BCR-IFM"),
    "BCR-ALLOC-RTM": _by_load("BCR-RTM"),
    "ED-IIE": _dispatch("energy", "Σ MWh × price over its intervals", None),
    "ED-EMR": _dispatch("uplift", "Σ MWh × gap over intervals of emergency types", True),
    "ED-TR": _dispatch("uplift", "Σ MWh × gap over intervals of other types", False),
    "ED-IIE-ALLOC": _by_load("ED-IIE"),
    "ED-EMR-ALLOC": _by_load("ED-EMR"),
    "ED-TR-ALLOC": _by_load("ED-TR"),
    "RAAIM-SET": _raaim,
    "RAAIM-ALLOC": _residue,
    "CPM-SET": _cpm,
    "CPM-ALLOC": _cpm_share,
    "ROUNDING-ADJ": _rounding,
}
"""How each charge code is worked out again; a test holds that the chain has no other."""

"""The formula of each charge code that shares an amount, in numbers its reader may be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from apps.platform.core.formula import Formula, ShownNumber, show
from apps.platform.core.quantity import MW, MWH
from apps.platform.core.shares import turn_of
from apps.settlement.settlements.rules.allocation import allocation_weights
from apps.settlement.settlements.rules.chain import Book, DayOfChain
from apps.settlement.settlements.rules.demand import Load
from apps.settlement.settlements.rules.dispatch_shares import sharing
from apps.settlement.settlements.rules.nodes.capacity_procurement import CpmMonth, MonthDemand
from apps.settlement.settlements.rules.nodes.reliability import RmrDay
from apps.settlement.settlements.rules.parameters import ALLOCATION_STEP
from apps.settlement.settlements.rules.shown_numbers import mwh_text, turn_numbers, usd_text
from apps.settlement.settlements.rules.telling import Telling, least_above, too_few

Line = Mapping[str, Any]
RATE = "share(Rate * Own, 1, 1, Rank, Left)"
"""A share whose reader is told neither the amount that is shared nor what all share it by."""
AMOUNT_PLACES, RATE_PLACES = 2, 6


class NotReckoned(LookupError):
    """No formula can be written for a line: what it rests on is not in the book."""


def contract_of(line: Line, book: Book) -> RmrDay:
    """Return the contract behind a line; raises NotReckoned where there is none."""
    found = [r for r in book["rmr"] if r.contract.resource_id == line["resource_id"]]
    if not found:
        raise NotReckoned("There is no RMR contract behind this line.")
    one: RmrDay = found[0]
    return one


def cpm_case_of(line: Line, book: Book) -> CpmMonth:
    """Return the CPM designation behind a line; raises NotReckoned where there is none."""
    found = [c for c in book["cpm"] if c.label == line["contract_no"]]
    if not found:
        raise NotReckoned("The designation is not in the month.")
    one: CpmMonth = found[0]
    return one


def _code_of(key: int, keys: Mapping[str, int]) -> str:
    for code, value in keys.items():
        if value == key:
            return code
    raise NotReckoned("The SC or TAC area has no demand on this day.")


@dataclass(frozen=True)
class _Part:
    """One's own part of an amount in exact cents: of what, by what, and whose turn it is.

    own, whole: in stored steps, ``scale`` of them a unit.
    """

    cents: Fraction
    what: str
    own: int
    whole: int
    by: str
    unit: str
    scale: int
    turn: tuple[int, int]
    of_all: str

    def _text(self, size: str) -> str:
        return f"-{size}" if self.cents < 0 else size

    def _own(self) -> ShownNumber:
        amount = show(Fraction(self.own, self.scale))
        return ShownNumber("Own", f"the SC's {self.by}", amount, self.unit)

    def by_rate(self) -> Formula:
        """Return the share as a rate times one's own quantity."""
        rate = abs(self.cents) * self.scale / (100 * self.whole)
        text = least_above(rate, Fraction(100 * self.own, self.scale), RATE_PLACES)
        return Formula(
            RATE,
            (
                ShownNumber(
                    "Rate",
                    f"{self.what}, for each {self.unit} of all who share it",
                    self._text(text),
                    f"$/{self.unit}",
                ),
                self._own(),
                *turn_numbers(*self.turn),
            ),
        )

    def by_sum(self) -> Formula:
        """Return the share as one's own quantity of that of all."""
        text = least_above(
            abs(self.cents) / 100, Fraction(100 * self.own, self.whole), AMOUNT_PLACES
        )
        whole = show(Fraction(self.whole, self.scale))
        return Formula(
            "share(Total, Own, All, Rank, Left)",
            (
                ShownNumber("Total", self.what, self._text(text), "$"),
                self._own(),
                ShownNumber("All", self.of_all, whole, self.unit),
                *turn_numbers(*self.turn),
            ),
        )


def _shared(
    total: int,
    weights: Mapping[str, int],
    sc: str,
    *,
    what: str,
    by: str,
    unit: str,
    scale: int,
    few: bool,
) -> Formula:
    turn = turn_of(total, dict(weights), sc)
    whole = sum(weights.values())
    of_all = f"{by} of all who share it"
    part = _Part(Fraction(total), what, weights[sc], whole, by, unit, scale, turn, of_all)
    return part.by_rate() if few else part.by_sum()


def _by_load(of: str) -> Callable[[Line, Book, DayOfChain, Telling], Formula]:
    def make(line: Line, book: Book, day: DayOfChain, telling: Telling) -> Formula:
        found = sharing(of, line["resource_id"], book)
        sc = _code_of(line["sc_id"], found.sc_keys)
        by_demand = found.weights is book["md_sc"]
        few = (
            too_few(book["md"].cells, (), sc, telling.fewest)
            if by_demand
            else len(found.weights) < telling.fewest
        )
        return _shared(
            found.cents,
            found.weights,
            sc,
            what=f"sum of {of}, turned round",
            by=found.by,
            unit=found.unit,
            scale=MWH.scale,
            few=few,
        )

    return make


def _rounding(line: Line, book: Book, day: DayOfChain, telling: Telling) -> Formula:
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
        few=too_few(book["md"].cells, (), sc, telling.fewest),
    )


def few_in_month(demand: MonthDemand, areas: frozenset[str], reader: str, fewest: int) -> bool:
    """Whether a sum over days of a month would tell a reader another's demand on any of them."""
    return any(too_few(cells, areas, reader, fewest) for cells in demand.days.values())


def _residue(line: Line, book: Book, day: DayOfChain, telling: Telling) -> Formula:
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
        few=few_in_month(book["month_demand"], frozenset(), sc, telling.fewest),
    )


def _cpm_share(line: Line, book: Book, day: DayOfChain, telling: Telling) -> Formula:
    case = cpm_case_of(line, book)
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
            few=len(case.shares) < telling.fewest,
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
        few=few_in_month(book["month_demand"], case.areas, sc, telling.fewest),
    )


def _by_contract(line: Line, book: Book, day: DayOfChain, telling: Telling) -> Formula:
    """Share a contract's net cost, or its penalty, as RMR-ALLOC is shared.

    Who is not told the terms sees the amount that falls on the TAC area, not by which megawatts.
    """
    found = contract_of(line, book)
    load: Load = book["md"]
    cell = (_code_of(line["sc_id"], load.sc_keys), _code_of(line["tac_area_id"], load.tac_keys))
    total, what = found.cost, "net capacity cost of the resource"
    if line["charge_code"] == "RMR-PEN-ALLOC":
        what = "penalty, given back"
        total = -sum(p.cents for p in book["penalties"] if p.contract_no == line["contract_no"])
    elif found.recoveries:
        what += " with approved recoveries"
    local = found.contract.scope == "LOCAL"
    few = too_few(load.cells, (cell[1],) if local else (), cell[0], telling.fewest)
    mw = {a: MW.to_scaled(v) for a, v in found.capacity.tac_mw.items()}
    if telling.terms and local and not few:
        return _of_area(total, what, found, mw, load, cell, day)
    weights = allocation_weights(scope=found.contract.scope, tac_mw=mw, load=load.cells)
    cents, turn, whole = Fraction(total), turn_of(total, weights, cell), sum(weights.values())
    if local:
        what, whole = f"{what}, as it falls on the TAC area", load.by_area[cell[1]]
        cents = cents * mw[cell[1]] / sum(v for v in mw.values() if v > 0)
        if day.at(ALLOCATION_STEP) == "TAC_FIRST":
            first, turn = _two_turns(total, mw, load, cell)
            cents = Fraction(_of_turn(total, mw, cell[1], first))
    by = "metered demand in the TAC area"
    of_all = f"metered demand of all SCs in {'the TAC area' if local else 'all TAC areas'}"
    part = _Part(cents, what, load.cells[cell], whole, by, "MWh", MWH.scale, turn, of_all)
    if few:
        return part.by_rate()
    return part.by_sum()


def _of_area(
    total: int,
    what: str,
    found: RmrDay,
    mw: Mapping[str, int],
    load: Load,
    cell: tuple[str, str],
    day: DayOfChain,
) -> Formula:
    tac = cell[1]
    own, everybody = mwh_text(load.cells[cell]), mwh_text(load.by_area[tac])
    whole = show(sum(found.capacity.tac_mw.values()))
    here = (
        ShownNumber("Total", what, usd_text(total), "$"),
        ShownNumber(
            "MW", "contract capacity in the TAC area", show(found.capacity.tac_mw[tac]), "MW"
        ),
        ShownNumber("SumMW", "contract capacity in all its TAC areas", whole, "MW"),
        ShownNumber("Own", "the SC's metered demand in the TAC area", own, "MWh"),
        ShownNumber("All", "metered demand of all SCs in the TAC area", everybody, "MWh"),
    )
    if day.at(ALLOCATION_STEP) == "TAC_FIRST":
        first, second = _two_turns(total, mw, load, cell)
        return Formula(
            "share(share(Total, MW, SumMW, RankTac, LeftTac), Own, All, Rank, Left)",
            (*here, *turn_numbers(*first, "Tac"), *turn_numbers(*second)),
        )
    weights = allocation_weights(scope="LOCAL", tac_mw=mw, load=load.cells)
    turn = turn_numbers(*turn_of(total, weights, cell))
    return Formula("share(Total, MW * Own, SumMW * All, Rank, Left)", (*here, *turn))


def _of_turn(total: int, mw: Mapping[str, int], tac: str, turn: tuple[int, int]) -> int:
    """Return the whole cents of a TAC area where the areas' costs are rounded first, signed."""
    areas = {a: w for a, w in mw.items() if w > 0}
    part = abs(total) * areas[tac] // sum(areas.values()) + (1 if turn[0] <= turn[1] else 0)
    return -part if total < 0 else part


def _two_turns(
    total: int, mw: Mapping[str, int], load: Load, cell: tuple[str, str]
) -> tuple[tuple[int, int], tuple[int, int]]:
    first = turn_of(total, {a: w for a, w in mw.items() if w > 0}, cell[1])
    cells = {c: v for c, v in load.cells.items() if c[1] == cell[1] and v > 0}
    return first, turn_of(_of_turn(total, mw, cell[1], first), cells, cell)


SHARES: Mapping[str, Callable[[Line, Book, DayOfChain, Telling], Formula]] = {
    "RMR-ALLOC": _by_contract,
    "RMR-PEN-ALLOC": _by_contract,
    "BCR-ALLOC-IFM": _by_load("BCR-IFM"),
    "BCR-ALLOC-RTM": _by_load("BCR-RTM"),
    "ED-IIE-ALLOC": _by_load("ED-IIE"),
    "ED-EMR-ALLOC": _by_load("ED-EMR"),
    "ED-TR-ALLOC": _by_load("ED-TR"),
    "RAAIM-ALLOC": _residue,
    "CPM-ALLOC": _cpm_share,
    "ROUNDING-ADJ": _rounding,
}
"""How the share of each charge code that shares an amount is worked out again."""

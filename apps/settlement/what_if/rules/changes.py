"""What a what-if changes: one line each, read strictly, put into a copy of the day's inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

import polars as pl

from apps.platform.core.effective import Parameter, ParameterRefused
from apps.platform.core.numbers import read_number
from apps.platform.core.quantity import (
    MW,
    MWH,
    USD_PER_MW_DAY,
    InexactQuantity,
    Quantity,
    half_up,
)
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import ValidationFailed, Violation
from apps.settlement.settlements.rules.chain import Book

LINE = re.compile(
    r"(?P<what>parameter|price|capacity|demand|lmp)\s*(?P<of>[^=]*?)\s*=\s*(?P<to>.+)"
)
PERCENT = re.compile(r"[+-]\d{1,3}(\.\d{1,4})?%")
MOST = 1_000_000_000
PLACES = {"parameter": 1, "price": 1, "capacity": 3, "demand": 2, "lmp": 0}
SHAPES = {
    "parameter": "parameter NAME = VALUE",
    "price": "price CONTRACT = 311.25 (or +5%)",
    "capacity": "capacity CONTRACT TAC-AREA TYPE = 120 (or -10%)",
    "demand": "demand SC TAC-AREA = 1234.5 (or +10%)",
    "lmp": "lmp = +10%",
}
PRICES = ("da_lmp", "fmm_lmp", "rtd_lmp")


@dataclass(frozen=True)
class Change:
    """One changed input: what, of which, and to what; ``line`` in the text."""

    line: int
    what: str
    of: tuple[str, ...]
    to: str

    @property
    def percent(self) -> Fraction | None:
        """The factor of a change by so many percent, None for a value."""
        if not PERCENT.fullmatch(self.to):
            return None
        return 1 + Fraction(self.to[:-1]) / 100

    def value(self, was: Decimal, unit: Quantity) -> Decimal:
        """Return the new value: the one written, or the old one by percent, half up."""
        factor = self.percent
        if factor is None:
            return unit.from_scaled(unit.to_scaled(read_number(self.to)))
        steps = factor * unit.to_scaled(was)
        return unit.from_scaled(half_up(steps.numerator, steps.denominator))


@implements("BRQ-1201", source="settlement desk: what if")
def read_changes(text: str, parameters: Mapping[str, Parameter]) -> list[Change]:
    """Read the changes of a what-if, one a line; raises ValidationFailed with every line that is
    none.
    """
    found: list[Change] = []
    faults: list[Violation] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        match = LINE.fullmatch(words)
        of = tuple(match["of"].split()) if match else ()
        if match is None or len(of) != PLACES[match["what"]]:
            faults.append(_fault(number, f"Write one of: {'; '.join(SHAPES.values())}."))
            continue
        change = Change(number, match["what"], of, match["to"].strip())
        try:
            _check(change, parameters)
        except (ParameterRefused, InexactQuantity, ValueError) as trouble:
            faults.append(_fault(number, str(trouble)))
            continue
        found.append(change)
    if not found and not faults:
        faults.append(_fault(0, "Name at least one change."))
    if faults:
        raise ValidationFailed(faults)
    return found


def _fault(line: int, text: str) -> Violation:
    said = f"Line {line}: {text}" if line else text
    return Violation("TRL-LINE", said, line=line, column="changes")


def _check(change: Change, parameters: Mapping[str, Parameter]) -> None:
    if change.what == "parameter":
        if change.of[0] not in parameters:
            known = ", ".join(sorted(parameters))
            raise ValueError(
                f"the settlement asks no parameter {change.of[0][:60]}; it asks {known}."
            )
        parameters[change.of[0]].read(change.to)
    elif change.percent is not None:
        if change.percent < 0:
            raise ValueError("a change by percent takes away at most -100%.")
    else:
        if change.what == "lmp":
            raise ValueError("market prices change by percent, such as +10%.")
        unit = {"price": USD_PER_MW_DAY, "capacity": MW, "demand": MWH}[change.what]
        if "%" in change.to:
            raise ValueError(f"{change.to[:40]} is no change by percent such as +10% or -2.5%.")
        if not 0 <= read_number(change.to) < MOST:
            raise ValueError(f"{change.to[:40]} is not a number from 0 to {MOST - 1}.")
        unit.to_scaled(read_number(change.to))


@implements("BRQ-1201", source="settlement desk: what if")
def changed_book(book: Book, changes: Sequence[Change]) -> Book:
    """Return a copy of a day's inputs with changes made; raises ValidationFailed for what is not
    there.
    """
    now = dict(book)
    faults: list[Violation] = []
    for change in changes:
        if change.what == "parameter":
            continue
        try:
            MAKERS[change.what](now, change)
        except LookupError as trouble:
            faults.append(_fault(change.line, str(trouble.args[0])))
    if faults:
        raise ValidationFailed(faults)
    return now


def _price(book: Book, change: Change) -> None:
    rows = list(book["contracts"])
    for place, contract in enumerate(rows):
        if contract.contract_no == change.of[0]:
            was = contract.price if contract.price is not None else Decimal(0)
            rows[place] = replace(contract, price=change.value(was, USD_PER_MW_DAY))
            book["contracts"] = rows
            return
    raise LookupError(f"there is no contract {change.of[0][:40]} on this day.")


def _capacity(book: Book, change: Change) -> None:
    number, tac, part = change.of
    rows = list(book["contracts"])
    for place, contract in enumerate(rows):
        cells = list(contract.capacity)
        for at, cell in enumerate(cells):
            if (contract.contract_no, cell.tac, cell.obligation_type) == (number, tac, part):
                cells[at] = replace(cell, mw=change.value(cell.mw, MW))
                rows[place] = replace(contract, capacity=cells)
                book["contracts"] = rows
                return
    raise LookupError(
        f"there is no {part[:20]} capacity of {number[:40]} in {tac[:20]} on this day."
    )


def _demand(book: Book, change: Change) -> None:
    load = book["demand"]
    cell = (change.of[0], change.of[1])
    if cell not in load.cells:
        raise LookupError(f"{cell[0][:40]} has no metered demand in {cell[1][:20]} on this day.")
    value = MWH.to_scaled(change.value(MWH.from_scaled(load.cells[cell]), MWH))
    book["demand"] = replace(load, cells={**load.cells, cell: value})


def _lmp(book: Book, change: Change) -> None:
    factor = change.percent or Fraction(1)
    top, bottom = factor.numerator, factor.denominator
    for name in ("hours", "quarters", "intervals"):
        frame = book[name]
        prices = [c for c in PRICES if c in frame.columns]
        book[name] = frame.with_columns(
            (
                (pl.col(c).cast(pl.Int128).abs() * (2 * top) + bottom)
                // (2 * bottom)
                * pl.col(c).sign()
            )
            .cast(pl.Int64)
            .alias(c)
            for c in prices
        )


MAKERS = {"price": _price, "capacity": _capacity, "demand": _demand, "lmp": _lmp}

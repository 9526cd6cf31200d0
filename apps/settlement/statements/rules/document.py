"""A statement as a document: head, lines with their quantities, bill determinants, trailer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.platform.core.rulebook import implements
from apps.platform.core.words import counted
from apps.settlement.settlements.rules.holds import HeldLine


@dataclass(frozen=True)
class Head:
    """Whose statement it is, of which trade date, run and version."""

    statement_id: int
    sc: str
    sc_name: str
    trade_date: date
    run_type: str
    version: int
    previous_version: int | None
    issued_at: datetime
    synthetic: bool = False


@dataclass(frozen=True)
class Determinant:
    """A quantity or price a line rests on; daily, so the first of one interval."""

    name: str
    value: str
    unit: str


@dataclass(frozen=True)
class Line:
    """A line in full, as it stood in the version before, and what is billed now."""

    line_no: int
    charge_code: str
    resource: str
    contract_no: str
    tac_area: str
    full: Decimal
    previous: Decimal | None
    determinants: tuple[Determinant, ...] = ()

    @property
    def current(self) -> Decimal:
        """What this version bills: the full amount less that of the version before."""
        return self.full - (self.previous or 0)

    @property
    def parent_group(self) -> str:
        """The family of charges, the first word of the code."""
        return self.charge_code.split("-", 1)[0]

    @property
    def quantity(self) -> Determinant | None:
        """What is counted: the first determinant."""
        return self.determinants[0] if self.determinants else None

    @property
    def price(self) -> Determinant | None:
        """The price by which it is counted, where one number says it."""
        return next((d for d in self.determinants if d.name == "Price"), None)


@dataclass(frozen=True)
class FullStatement:
    """A whole statement; a day without activity has no lines.

    ``held``: lines that have no amount until an input of theirs is made good; no sum holds them.
    ``over``: that the version was published over missing or outdated inputs; empty where not.
    """

    head: Head
    lines: Sequence[Line]
    held: Sequence[HeldLine] = ()
    over: str = ""

    @property
    def without(self) -> str:
        """What the sums leave out, in words; empty where they are whole."""
        return f"without {counted(len(self.held), 'held line')}" if self.held else ""

    @property
    @implements("BRQ-1201", "BRQ-1202", source="settlement rule book 1.5 and 11.6")
    def totals(self) -> dict[str, Decimal]:
        """Add up full, previous and current amounts; the last is what the statement bills."""
        zero = Decimal("0.00")
        return {
            "full": sum((line.full for line in self.lines), zero),
            "previous": sum((line.previous or zero for line in self.lines), zero),
            "current": sum((line.current for line in self.lines), zero),
        }

"""An SC's own figures for a statement, read from a file and held against it; nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from apps.platform.core.quantity import MWH, USD, plain
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import ValidationFailed, Violations
from apps.platform.uploads.services import typed_rows
from apps.settlement.statements.layouts import SHADOW_ROW
from apps.settlement.statements.models import Statement
from apps.settlement.statements.services.documents import document_of
from apps.settlement.statements.services.writing import HELD

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Shadowed:
    """A line of the statement, of the file, or of both, and how they stand to each other."""

    charge_code: str
    resource: str
    tac_area: str
    contract_no: str
    line_no: int | None
    ours: Decimal | None
    theirs: Decimal | None
    quantity: str
    their_quantity: str
    stands: str

    @property
    def change(self) -> Decimal:
        """Theirs less ours."""
        return (self.theirs or Decimal(0)) - (self.ours or Decimal(0))


@dataclass(frozen=True)
class Shadow:
    """The comparison: problems first, noise hidden but counted."""

    shown: list[Shadowed]
    same: int
    hidden: int
    ours: Decimal
    theirs: Decimal


@implements("BRQ-1201", "BRQ-1203", source="settlement rule book 11.6")
def shadow(*, statement: Statement, content: bytes, least: Decimal = Decimal(0)) -> Shadow:
    """Hold an SC's file against its statement; raises ValidationFailed with every violation of the
    file.

    A row with a charge code, resource, TAC area or contract that the statement does not know is
    refused, with its line. Held lines of the statement's own CSV are left out.
    *Interpretation*: known names in a combination the statement lacks are a difference, not an
    error.
    """
    rows, faults = typed_rows(content, SHADOW_ROW)
    held = set(rows.filter(pl.col("state") == HELD)["line_no"])
    rows = rows.filter(~pl.col("line_no").is_in(sorted(held)))
    violations = Violations()
    violations.extend(v for v in faults if v.line not in held)
    document = document_of(statement)
    ours = {(x.charge_code, x.resource, x.tac_area, x.contract_no): x for x in document.lines}
    known = [{key[n] for key in ours} | {""} for n in range(4)]
    theirs: dict[Key, tuple[Decimal, Decimal | None]] = {}
    for row in rows.iter_rows(named=True):
        key = (
            row["charge_code"],
            row["resource_id"] or "",
            row["tac_area"] or "",
            row["contract_no"] or "",
        )
        _check(row["line_no"], key, known, violations)
        if row["amount"] is None:  # told among the violations
            continue
        quantity = row["quantity"]
        theirs[key] = (
            USD.from_scaled(row["amount"]),
            None if quantity is None else MWH.from_scaled(quantity),
        )
    if violations.errors:
        raise ValidationFailed(list(violations))
    found = []
    for key in sorted({*ours, *theirs}):
        line, told = ours.get(key), theirs.get(key)
        amount, quantity = told or (None, None)
        counted = line.quantity.value if line and line.quantity else ""
        found.append(
            Shadowed(
                *key,
                line.line_no if line else None,
                line.full if line else None,
                amount,
                counted,
                plain(quantity) if quantity is not None else "",
                "ONLY_YOURS"
                if line is None
                else "ONLY_OURS"
                if told is None
                else "DIFFERENT"
                if line.full != amount
                else "SAME",
            )
        )
    differ = [s for s in found if s.stands != "SAME"]
    shown = [s for s in differ if abs(s.change) >= least]
    shown.sort(key=lambda s: (-abs(s.change), s.charge_code, s.resource, s.tac_area))
    return Shadow(
        shown,
        len(found) - len(differ),
        len(differ) - len(shown),
        sum((x.full for x in ours.values()), Decimal("0.00")),
        sum((amount for amount, _ in theirs.values()), Decimal("0.00")),
    )


def _check(at: int, key: Key, known: list[set[str]], violations: Violations) -> None:
    names = ("charge_code", "resource_id", "tac_area", "contract_no")
    for name, value, values in zip(names, key, known, strict=True):
        if value not in values:
            violations.add(
                "SHD-UNKNOWN",
                f"{value[:40]} is not on this statement.",
                line=at,
                column=name,
                value=value[:40],
            )

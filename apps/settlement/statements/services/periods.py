"""Statements by month of trade dates, and by the invoice that bills them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from apps.platform.accounts.models import Party
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, Span, last_of_month
from apps.platform.core.violations import ValidationFailed
from apps.platform.parameters.selectors import parameter_set
from apps.settlement.settlements.codes import OPTIONAL
from apps.settlement.settlements.rules.holds import HeldLine
from apps.settlement.settlements.selectors import held_over
from apps.settlement.statements.models import Statement
from apps.settlement.statements.rules.invoicing import InvoiceWeek, invoice_alone, invoice_week
from apps.settlement.statements.rules.parameters import PAYMENT_DAYS
from apps.settlement.statements.selectors import statements_between, sums_of

ZERO = Decimal("0.00")
Held = Mapping[tuple[int, int], Sequence[HeldLine]]
"""Held lines by run and SC."""


@dataclass(frozen=True)
class Month:
    """An SC's month: the newest statement of each trade date and what they add up to by charge."""

    sc: Party
    first: date
    statements: list[Statement]
    by_code: list[dict[str, object]]
    held: Held

    @property
    def name(self) -> str:
        """The month as YYYY-MM."""
        return f"{self.first:%Y-%m}"

    @property
    def last(self) -> date:
        """The last day of the month."""
        return last_of_month(self.first)

    @property
    def total(self) -> Decimal:
        """What the month comes to as it stands now, without what is held."""
        return sum((s.total for s in self.statements), ZERO)

    @property
    def held_lines(self) -> list[tuple[Statement, HeldLine]]:
        """The held lines of its statements, which are in no sum, in the order of their days."""
        return held_among(self.statements, self.held)


@dataclass(frozen=True)
class Billed:
    """An invoice to be: its window, the statements in it, and what they bill."""

    week: InvoiceWeek
    optional: bool
    statements: list[Statement]
    held: Held = field(default_factory=dict)

    @property
    def held_lines(self) -> list[tuple[Statement, HeldLine]]:
        """The held lines of its statements, which are in no sum, in the order of their days."""
        return held_among(self.statements, self.held)

    @property
    def amount(self) -> Decimal:
        """The increments of its statements; positive is to be paid by the SC."""
        return sum((increment(s) for s in self.statements), ZERO)


def held_among(statements: Iterable[Statement], held: Held) -> list[tuple[Statement, HeldLine]]:
    """Return the held lines of some statements with the statement of each."""
    return [(s, line) for s in statements for line in held.get((s.run_id, s.sc_id), ())]


def _held(statements: Iterable[Statement]) -> Held:
    return held_over((s.run, s.sc_id) for s in statements)


def held_lines_of(statements: Iterable[Statement]) -> list[tuple[Statement, HeldLine]]:
    """Return the held lines of some statements with the statement of each, in their order."""
    kept = list(statements)
    return held_among(kept, _held(kept))


def increment(statement: Statement) -> Decimal:
    """Return what a statement bills: the change, or all of a first one."""
    amount: Decimal = statement.total if statement.change is None else statement.change
    return amount


def month_of(sc: Party, day: date) -> Month:
    """Return an SC's month of trade dates as the newest statements tell it."""
    first = day.replace(day=1)
    newest: dict[date, Statement] = {}
    for statement in statements_between(sc.pk, first, last_of_month(first)):
        newest[statement.trade_date] = statement  # versions come in order
    kept = [newest[at] for at in sorted(newest)]
    return Month(sc, first, kept, sums_of([s.pk for s in kept]), _held(kept))


@implements("BRQ-1201", "BRQ-1202", source="settlement rule book 11.3")
def billed(statements: Iterable[Statement]) -> list[Billed]:
    """Return statements by the invoice that bills them, the newest first.

    Those of one publication window stand together whatever their run; one of an optional run
    stands alone. Raises ValidationFailed where the days to pay have no value on a day.
    """
    issued = [(s.issued_at.astimezone(PACIFIC).date(), s) for s in statements]
    if not issued:
        return []
    days = [day for day, _ in issued]
    params = parameter_set(
        parameters=(PAYMENT_DAYS,), span=Span.through(min(days), max(days)), known_at=FAR_MOMENT
    )
    found: dict[tuple[InvoiceWeek, str], list[Statement]] = {}
    for published, statement in issued:
        try:
            until = int(params.at(PAYMENT_DAYS, published))
        except ParameterMissing as trouble:
            raise ValidationFailed.because("STM-PARAMETER", str(trouble)) from None
        alone = statement.run.run_type == OPTIONAL
        week = (invoice_alone if alone else invoice_week)(published, until)
        found.setdefault((week, str(statement.run_id) if alone else ""), []).append(statement)
    held = _held(s for rows in found.values() for s in rows)
    made = [Billed(week, bool(run), rows, held) for (week, run), rows in found.items()]
    return sorted(made, key=lambda b: (b.week.day, b.optional), reverse=True)

"""What becomes of disputes: the recalculated line is attached; empty placeholders lapse."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import transition
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.runs.models import Run
from apps.settlement.disputes.models import Dispute
from apps.settlement.settlements.selectors import calendar_of
from apps.settlement.statements.selectors import line_after


@implements("BRQ-1203", source="settlement rule book 11.4")
def attach_outcomes(run: Run, earlier: Any, at: datetime) -> None:
    """Attach the lines of a newly published run to accepted disputes of its trade date.

    A dispute that waits for a run of the calendar is closed by that run or one of a later day of
    it; called inside the publishing transaction.
    """
    waiting = Dispute.objects.filter(trade_date=run.trade_date, state="ACCEPTED").select_related(
        "statement"
    )
    for case in waiting:
        if case.correct_in not in ("", run.run_type) and not _after(run, case):
            continue
        old = case.statement.lines.get(line_no=case.line_no)
        statement, new = line_after(run, old)
        amount = new.amount if new else Decimal("0.00")
        came = case.stated - amount
        transition(
            case,
            action="correct",
            actor=system_user(),
            at=at,
            note=f"{case}: the line is {dollars(amount)} in version {run.version}; "
            f"{dollars(came)} of {dollars(case.granted or Decimal(0))} granted came",
            set_fields={"outcome": statement, "outcome_amount": amount},
        )


def _after(run: Run, case: Dispute) -> bool:
    """Whether a run stands after the one a dispute waits for in the trade date's calendar."""
    order = [r.run for r in calendar_of([run.trade_date])[run.trade_date]]
    if run.run_type not in order or case.correct_in not in order:
        return False
    return order.index(run.run_type) > order.index(case.correct_in)


@implements("BRQ-1203", source="settlement rule book 11.4; an interpretation of ours")
def lapse_placeholders(*, at: datetime) -> list[Dispute]:
    """Let placeholders lapse whose figure did not come in time; return them."""
    today: date = at.astimezone(PACIFIC).date()
    late = Dispute.objects.filter(state="OPEN", amount__isnull=True, figure_by__lt=today)
    found = []
    for case in late:
        with transaction.atomic():
            found.append(
                transition(
                    case,
                    action="lapse",
                    actor=system_user(),
                    at=at,
                    note=f"{case}: no figure by {case.figure_by}",
                )
            )
    return found

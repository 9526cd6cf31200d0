"""An SC files a dispute of a statement line, or holds its window with a placeholder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.audit.services import log_event, transition
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.documents.services import attach
from apps.platform.notifications.services import holders, tell
from apps.platform.parameters.selectors import value_on
from apps.reference.market.rules import add_business_days
from apps.settlement.disputes.codes import DECIDERS, DISPUTERS
from apps.settlement.disputes.models import Dispute
from apps.settlement.disputes.rules import PLACEHOLDER_DAYS, disputed_amount
from apps.settlement.disputes.selectors import disputes, window_for
from apps.settlement.statements.selectors import statement_lines


@dataclass(frozen=True)
class DisputeInput:
    """A line of an own statement and what it should say; no figure makes it a placeholder."""

    statement: int
    line: int
    reason: str
    should_be: Decimal | None = None


def _line(given: DisputeInput, actor: User) -> Any:
    found = (
        statement_lines(viewer=actor.viewer())
        .select_related("statement__run", "statement__sc")
        .filter(statement_id=given.statement, line_no=given.line)
        .first()
    )
    if found is None:
        raise ValidationFailed.because(
            "DSP-LINE",
            f"Statement {given.statement} has no line {given.line}, or it is not yours.",
            "line",
        )
    return found


def _amount(line: Any, should_be: Decimal, change_only: bool) -> Decimal:
    try:
        return disputed_amount(
            line.amount, line.previous_amount, should_be, change_only=change_only
        )
    except ValueError as trouble:
        raise ValidationFailed.because("DSP-AMOUNT", str(trouble), "should_be") from None


@implements("BRQ-1203", source="settlement rule book 11.4")
@transaction.atomic
def file_dispute(*, given: DisputeInput, actor: User, at: datetime) -> Dispute:
    """File a dispute; return it. Raises ValidationFailed, with nothing changed, where it cannot
    stand.

    The line is the actor's own, its run takes disputes, the window is open, no other dispute of
    the line is. Without a figure it is a placeholder, which lapses unless one follows in time.
    """
    if not actor.viewer().may(DISPUTERS):
        raise ValidationFailed.because("DSP-ROLE", "Your roles do not allow you to file disputes.")
    line = _line(given, actor)
    window = window_for(line.statement)
    today = at.astimezone(PACIFIC).date()
    if window.until is None:
        raise ValidationFailed.because("DSP-RUN", window.sentence, "statement")
    if not window.open_on(today):
        raise ValidationFailed.because(
            "DSP-WINDOW",
            f"The window of this statement closed at the end of {window.until}.",
            "statement",
        )
    reason = seen_text(given.reason.replace("\x00", ""))
    if not reason:
        raise ValidationFailed.because("DSP-REASON", "Say why the line is wrong.", "reason")
    # one after the other: a line is disputed once at a time, however often somebody presses
    type(line.statement).objects.select_for_update(of=("self",)).get(pk=line.statement_id)
    if Dispute.objects.filter(
        statement=line.statement, line_no=line.line_no, state__in=("OPEN", "ACCEPTED")
    ).exists():
        raise ValidationFailed.because(
            "DSP-TWICE", "This line is disputed already; see that dispute.", "line"
        )
    held = given.should_be is None
    amount = None if held else _amount(line, given.should_be or Decimal(0), window.change_only)
    with pghistory.context(user=actor.pk):
        case = Dispute.objects.create(
            state=Dispute.STATES.initial,
            opened_by=actor,
            opened_at=at,
            statement=line.statement,
            line_no=line.line_no,
            sc=line.statement.sc,
            trade_date=line.trade_date,
            run_type=window.run_type,
            charge_code=line.charge_code,
            stated=line.amount,
            should_be=given.should_be,
            amount=amount,
            change_only=window.change_only,
            placeholder=held,
            reason=reason[:2000],
            until=window.until,
            figure_by=_figure_by(today) if held else None,
        )
    said = "a placeholder" if held or amount is None else f"{dollars(amount)} asked back"
    log_event(
        action="disputes.dispute.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{case.sc.code} disputes {case}: {said}",
    )
    tell(
        holders(DECIDERS),
        topic="dispute",
        title=f"{case.sc.code} disputes {case}",
        body=said,
        at=at,
        address=reverse("disputes-case", args=[case.pk]),
    )
    return case


def _figure_by(today: date) -> date:
    try:
        return add_business_days(today, int(value_on(PLACEHOLDER_DAYS, today)))
    except ParameterMissing as trouble:
        raise ValidationFailed.because("DSP-PARAMETER", str(trouble)) from None


@implements("BRQ-1203", source="settlement rule book 11.4")
@transaction.atomic
def quantify(
    *, case_id: int, actor: User, at: datetime, should_be: Decimal, note: str = ""
) -> Dispute:
    """Give a placeholder its figure; raises ValidationFailed where it has one, or the day has
    passed.
    """
    case = disputes(viewer=actor.viewer()).select_for_update(of=("self",)).get(pk=case_id)
    if case.amount is not None:
        raise ValidationFailed.because("DSP-FIGURE", "This dispute has its figure.")
    if case.figure_by and at.astimezone(PACIFIC).date() > case.figure_by:
        raise ValidationFailed.because("DSP-WINDOW", f"The figure was due by {case.figure_by}.")
    line = case.statement.lines.get(line_no=case.line_no)
    amount = _amount(line, should_be, case.change_only)
    return transition(
        case,
        action="quantify",
        actor=actor,
        at=at,
        note=note or f"{case}: {dollars(amount)} asked back",
        set_fields={"should_be": should_be, "amount": amount},
    )


def document_for(
    *, case: Dispute, file_name: str, content: bytes, actor: User, at: datetime
) -> Any:
    """Keep a document of a dispute, for its SC and the ISO."""
    viewer = actor.viewer()
    if not viewer.is_iso and viewer.party_id != case.sc_id:
        raise ValidationFailed([Violation("DSP-ROLE", "You may not add documents here.")])
    return attach(
        desk="disputes",
        case_id=case.pk,
        party_id=case.sc_id,
        file_name=file_name,
        content=content,
        actor=actor,
        at=at,
        subject=case,
    )

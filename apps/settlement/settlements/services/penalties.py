"""Penalties negotiated in contracts instead of RAAIM, entered and approved by two people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pghistory
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.audit.services import knowledge_moment, log_event, transition
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, Span, is_plausible
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.runs.services import days_changed
from apps.reliability.designations.codes import Nonperformance
from apps.reliability.designations.selectors import on_day
from apps.settlement.settlements.codes import DAILY, SETTLERS
from apps.settlement.settlements.models import ContractPenalty


@dataclass(frozen=True)
class PenaltyInput:
    """A penalty in dollars for a trade date of a contract."""

    contract_no: str
    trade_date: date
    amount: Any
    reference: str


@implements("BRQ-0056", source="BRS 1.2 section 6.1.1; settlement rule book, decision G16")
@transaction.atomic
def propose_penalty(*, given: PenaltyInput, actor: User, at: datetime) -> ContractPenalty:
    """Propose a penalty; raises ValidationFailed for a contract that RAAIM polices, or none on the
    day.
    """
    if not actor.viewer().may(SETTLERS):
        raise ValidationFailed.because(
            "SET-ROLE", "Your roles do not allow you to enter penalties."
        )
    plausible = is_plausible(given.trade_date)
    held = on_day(given.trade_date, FAR_MOMENT) if plausible else []
    contract = next((c.contract for c in held if c.contract.contract_no == given.contract_no), None)
    found = []
    if contract is None:
        found.append(
            Violation(
                "SET-CONTRACT",
                f"There is no contract {given.contract_no[:40]} on {given.trade_date}.",
                column="contract_no",
            )
        )
    elif contract.nonperformance != Nonperformance.ALTERNATIVE:
        text = (
            "RAAIM polices this contract; only one with a negotiated alternative has a penalty "
            "of its own."
        )
        found.append(Violation("SET-RAAIM", text, column="contract_no"))
    if not given.amount or given.amount <= 0:
        found.append(Violation("SET-AMOUNT", "A penalty is above 0.", column="amount"))
    if found or contract is None or given.amount is None:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        case = ContractPenalty.objects.create(
            state=ContractPenalty.STATES.initial,
            opened_by=actor,
            opened_at=at,
            contract_no=contract.contract_no,
            resource=contract.resource,
            trade_date=given.trade_date,
            amount=given.amount,
            reference=given.reference.strip(),
        )
    log_event(
        action="settlements.contractpenalty.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{case.contract_no} {case.trade_date}: penalty of {dollars(case.amount)} "
        "proposed",
    )
    return case


@implements("BRQ-0056", source="BRS 1.2 section 6.1.1")
@transaction.atomic
def approve_penalty(*, case_id: int, actor: User, at: datetime, note: str = "") -> ContractPenalty:
    """Let a penalty be settled on its trade date; a published day goes stale by it."""
    moment = knowledge_moment(at=at)
    case = transition(
        ContractPenalty.objects.get(pk=case_id),
        action="approve",
        actor=actor,
        at=moment,
        note=note or "penalty approved",
        set_fields={"decided_by": actor},
    )
    days_changed(
        span=Span.through(case.trade_date, case.trade_date),
        at=moment,
        kind_code=DAILY,
        cause=f"negotiated penalty of {case.contract_no}",
    )
    return case

"""Limits, securities, adjustments and the reserve, each by two people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import Party, User
from apps.platform.audit.services import log_event, transition
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import is_plausible
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.parameters.selectors import value_on
from apps.settlement.clearing.codes import CLEARERS, HELD, Account, CreditKind
from apps.settlement.clearing.models import CreditEntry
from apps.settlement.clearing.rules import UNSECURED_CAP
from apps.settlement.clearing.selectors import balance_of
from apps.settlement.clearing.services.ledger import Happening, Side, lock_ledger, post

ZERO = Decimal("0.00")
SIDES = {
    CreditKind.SECURITY: (Account.SECURITY, Account.DEPOSIT),
    CreditKind.LETTER: (Account.SECURITY, Account.DEPOSIT),
    CreditKind.RESERVE: (Account.RESERVE, Account.RESERVE_FUND),
}


@dataclass(frozen=True)
class CreditEntryInput:
    """A credit entry as typed; the reserve has no SC."""

    kind: str
    amount: Decimal
    first_date: date
    reference: str
    sc: str = ""
    last_date: date | None = None


@implements("BRQ-1402", source="settlement rule book 12.1 and 12.2")
@transaction.atomic
def propose_credit(*, given: CreditEntryInput, actor: User, at: datetime) -> CreditEntry:
    """Propose a limit, a security, an adjustment or money for the reserve."""
    if not actor.viewer().may(CLEARERS):
        raise ValidationFailed.because("CLR-ROLE", "Your roles do not allow you to enter credit.")
    party = Party.objects.filter(code=given.sc, kind="SC").first() if given.sc else None
    found = _against(given, party)
    if found:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        case = CreditEntry.objects.create(
            state=CreditEntry.STATES.initial,
            opened_by=actor,
            opened_at=at,
            kind=given.kind,
            sc=party,
            amount=given.amount,
            first_date=given.first_date,
            last_date=given.last_date,
            reference=given.reference.replace("\x00", "").strip()[:300],
        )
    log_event(
        action="clearing.creditentry.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{given.kind} of {dollars(given.amount)} for "
        f"{given.sc or 'the reserve'} proposed",
    )
    return case


def _against(given: CreditEntryInput, party: Party | None) -> list[Violation]:
    found = []
    if given.kind not in tuple(CreditKind):
        return [Violation("CLR-KIND", f"It is one of {', '.join(CreditKind)}.", column="kind")]
    if (given.kind == CreditKind.RESERVE) != (party is None) or (given.sc and party is None):
        found.append(Violation("CLR-SC", "Name an SC, or none for the reserve.", column="sc"))
    if not given.amount or (given.amount < 0 and given.kind != CreditKind.ADJUSTMENT):
        found.append(
            Violation(
                "CLR-AMOUNT", "Only an adjustment may be below 0, and none is 0.", column="amount"
            )
        )
    days = [d for d in (given.first_date, given.last_date) if d]
    if not all(is_plausible(d) for d in days) or days != sorted(days):
        found.append(
            Violation("CLR-DATE", "The last day is not before the first.", column="first_date")
        )
    elif given.kind == CreditKind.UNSECURED:
        found += _above_cap(given)
    if not given.reference.strip():
        found.append(Violation("CLR-REFERENCE", "Name the grounds.", column="reference"))
    return found


def _above_cap(given: CreditEntryInput) -> list[Violation]:
    try:
        cap = value_on(UNSECURED_CAP, given.first_date)
    except ParameterMissing as trouble:
        return [Violation("CLR-PARAMETER", str(trouble), column="first_date")]
    if given.amount <= cap:
        return []
    return [Violation("CLR-CAP", f"An unsecured limit is at most {dollars(cap)}.", column="amount")]


@implements("BRQ-1402", "BRQ-1410", source="settlement rule book 12.2")
@transaction.atomic
def approve_credit(*, case_id: int, actor: User, at: datetime, note: str = "") -> CreditEntry:
    """Let a credit entry hold; securities and the reserve are entered in the ledger."""
    lock_ledger()
    case = transition(
        CreditEntry.objects.get(pk=case_id),
        action="approve",
        actor=actor,
        at=at,
        note=note or "credit entry approved",
        set_fields={"decided_by": actor},
    )
    _enter(case, case.amount, "SECURITY_HELD", actor, at)
    return case


@transaction.atomic
def release_credit(*, case_id: int, actor: User, at: datetime, note: str = "") -> CreditEntry:
    """Give a security back, or end a limit; not where it was drawn meanwhile."""
    lock_ledger()
    case = CreditEntry.objects.get(pk=case_id)
    if case.state == "APPROVED" and case.kind in (*HELD, CreditKind.RESERVE):
        held = (
            -balance_of(Account.DEPOSIT, sc_id=case.sc_id)
            if case.sc_id
            else balance_of(Account.RESERVE)
        )
        if held < case.amount:
            raise ValidationFailed.because(
                "CLR-DRAWN", f"Only {dollars(held)} are left; the rest was drawn."
            )
    case = transition(
        case,
        action="release",
        actor=actor,
        at=at,
        note=note or "credit entry released",
        set_fields={"decided_by": actor},
    )
    _enter(case, -case.amount, "SECURITY_RELEASED", actor, at)
    return case


def _enter(case: CreditEntry, amount: Decimal, kind: str, actor: User, at: datetime) -> None:
    accounts = SIDES.get(CreditKind(case.kind))
    if accounts is None:
        return
    if case.kind == CreditKind.RESERVE:
        kind = "RESERVE_FUNDED"
    whose = case.sc.code if case.sc else "the reserve"
    post(
        Happening(
            kind,
            f"{case.kind} of {whose}: {case.reference}",
            actor,
            at,
            address=reverse("credit-entries-case", args=[case.pk]),
        ),
        [Side(accounts[0], amount), Side(accounts[1], -amount, case.sc_id)],
    )

"""Invoices of legacy RMR: validated and paid on their own calendar, outside the market runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pghistory
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.audit.services import log_event, transition
from apps.platform.core.effective import parameter
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, Span, is_plausible, last_of_month
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.parameters.selectors import parameter_set
from apps.reference.market.rules import next_business_day
from apps.reference.resources.codes import Vintage
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF, rmr_vintage
from apps.reference.resources.selectors import sc_of
from apps.reliability.designations.selectors import on_day, rules_of
from apps.settlement.settlements.codes import OWNERS, SETTLERS
from apps.settlement.settlements.hooks import LEGACY_HOOKS
from apps.settlement.settlements.models import LegacyInvoice

LEGACY_DUE = parameter("settlements.legacy_due_days")


@dataclass(frozen=True)
class InvoiceInput:
    """An owner's invoice of a legacy contract for the month that holds a day."""

    contract_no: str
    month: date
    amount: Any
    reference: str


@implements("BRQ-1200", source="BRS 1.2 section 6.4.1")
@transaction.atomic
def submit_invoice(*, given: InvoiceInput, actor: User, at: datetime) -> LegacyInvoice:
    """Take an invoice of a legacy contract; ValidationFailed for new-tariff RMR (BRQ-1202)."""
    viewer = actor.viewer()
    if not viewer.may(OWNERS | SETTLERS):
        raise ValidationFailed.because("SET-ROLE", "Your roles do not allow you to send invoices.")
    if not is_plausible(given.month):
        raise ValidationFailed.because("SET-MONTH", "This is no month of ours.", column="month")
    first = given.month.replace(day=1)
    last = last_of_month(first)
    contract = next(
        (
            c.contract
            for c in on_day(last, FAR_MOMENT)
            if c.contract.contract_no == given.contract_no
        ),
        None,
    )
    sc = next(
        (
            a.sc
            for a in sc_of(last, FAR_MOMENT)
            if contract is not None and a.resource_id == contract.resource_id
        ),
        None,
    )
    if contract is None or sc is None or not viewer.sees_party(sc.pk):
        raise ValidationFailed.because(
            "SET-CONTRACT",
            f"There is no legacy contract {given.contract_no[:40]} of yours in {first:%B %Y}.",
            column="contract_no",
        )
    cutoff = rules_of(last).at(NEW_TARIFF_CUTOFF, last)
    found = []
    if rmr_vintage(effective_date=contract.effective_date, cutoff=cutoff) is not Vintage.LEGACY:
        found.append(
            Violation(
                "RMR-E-1202",
                "New-tariff RMR sends no invoices: it is settled in the "
                "market runs, on their calendar.",
                column="contract_no",
            )
        )
    if not given.amount or given.amount <= 0:
        found.append(Violation("SET-AMOUNT", "An invoice is above 0.", column="amount"))
    same = LegacyInvoice.objects.filter(
        contract_no=given.contract_no, month=first, state__in=["SUBMITTED", "VALIDATED", "PAID"]
    )
    if same.exists():
        found.append(Violation("SET-DOUBLE", f"{first:%B %Y} is invoiced already.", column="month"))
    if found or given.amount is None:
        raise ValidationFailed(found)
    params = parameter_set(
        parameters=(LEGACY_DUE,), span=Span.through(last, last), known_at=FAR_MOMENT
    )
    due = next_business_day(last + timedelta(days=int(params.at(LEGACY_DUE, last))))
    with pghistory.context(user=actor.pk):
        case = LegacyInvoice.objects.create(
            state=LegacyInvoice.STATES.initial,
            opened_by=actor,
            opened_at=at,
            month=first,
            contract_no=contract.contract_no,
            resource=contract.resource,
            sc=sc,
            due=due,
            amount=given.amount,
            reference=given.reference.strip(),
        )
    log_event(
        action="settlements.legacyinvoice.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{case.contract_no} {first:%Y-%m}: invoice {case.reference} of "
        f"{dollars(case.amount)}, due {due}",
    )
    return case


@implements("BRQ-1200", "BRQ-1410", source="settlement rule book 12.1")
@transaction.atomic
def decide_invoice(
    *, action: str, case_id: int, actor: User, at: datetime, note: str = ""
) -> LegacyInvoice:
    """Validate a legacy invoice or mark it as paid; the legacy account follows."""
    case = transition(
        LegacyInvoice.objects.get(pk=case_id),
        action=action,
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor},
    )
    for moved in LEGACY_HOOKS:
        moved(case, actor, at)
    return case

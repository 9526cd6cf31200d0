"""Pmax during a contract: fixed, unless FERC approved another (BRQ-0048)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import (
    MoveRefused,
    answered,
    knowledge_moment,
    log_event,
    transition,
)
from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, PACIFIC, Span, is_plausible
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.notifications.services import holders, tell
from apps.platform.runs.services import days_changed
from apps.platform.uploads.rules import unlike_amount
from apps.reference.resources.selectors import did_you_mean, pmax_of, pmax_spans, resource_ids
from apps.reference.resources.services import CAPACITY, pmax_change
from apps.reliability.designations.models import PmaxChange, RmrContract
from apps.reliability.designations.rules import approved_ahead
from apps.reliability.designations.selectors import NOW
from apps.reliability.designations.services.payloads import publish_payloads


def pmax_on_days(
    resource_id: int, first: date
) -> tuple[Decimal | None, list[tuple[Span, Decimal]]]:
    """Return Pmax of a resource on a day, None where none is on file, and what it becomes later."""
    spans = pmax_spans({resource_id}, NOW).get(resource_id, [])
    held = next((mw for span, mw in spans if first in span), None)
    return held, [(span, mw) for span, mw in spans if span.first > first]


def pmax_said(resource_id: int, first: date, last: date) -> str:
    """Return Pmax on the days of terms, in words, as on file now: for whoever approves them."""
    spans = pmax_spans({resource_id}, NOW).get(resource_id, [])
    held = [(max(s.first, first), min(s.last, last), mw) for s, mw in spans]
    return "; ".join(f"{MW.text(mw)} MW {a} to {b}" for a, b, mw in held if a <= b)


@implements("BRQ-0048", source="BRS 1.2 section 6.1.1")
def pmax_guard(
    changes: Iterable[tuple[str, Span, Decimal, int]],
) -> list[Violation]:
    """Return which changes of Pmax a running contract forbids.

    changes: (resource ID, days, new Pmax, line of the file). A change that FERC approved, on or
    after its day, with this Pmax, is allowed. The SC of a resource that cannot reach its Pmax files
    an outage for the rest of the contract instead.
    """
    wanted = list(changes)
    keys = resource_ids({code for code, _, _, _ in wanted})
    contracts: dict[int, list[RmrContract]] = {}
    for contract in RmrContract.objects.filter(resource_id__in=keys.values(), known__contains=NOW):
        contracts.setdefault(contract.resource_id, []).append(contract)
    approved: dict[int, list[PmaxChange]] = {}
    for row in PmaxChange.objects.filter(resource_id__in=keys.values(), state="APPROVED"):
        approved.setdefault(row.resource_id, []).append(row)
    found = []
    for code, span, pmax, line in wanted:
        key = keys.get(code)
        if key is None:
            continue
        allowed = any(
            a.pmax_mw == pmax and a.first_date <= span.first for a in approved.get(key, ())
        )
        for contract in contracts.get(key, ()):
            if allowed or not contract.span.overlaps(span):
                continue
            first = max(span.first, contract.span.first)
            held = pmax_of({key}, first, NOW).get(key)
            if held is not None and held != pmax:
                found.append(
                    Violation(
                        "RMR-E-0048",
                        f"Pmax of {code} is fixed until {contract.span.last} "
                        f"(no FERC approval on file): {MW.text(held)} MW stays, not "
                        f"{MW.text(pmax)} MW. For less capability the SC files an outage.",
                        line,
                        "PMAX_MW",
                    )
                )
                break
    return found


@dataclass(frozen=True)
class PmaxInput:
    """A Pmax that FERC approved, as typed."""

    resource: str
    pmax_mw: Decimal
    first_date: date
    ferc_docket: str
    ferc_approved_on: date
    reference: str


@transaction.atomic
def propose_pmax(*, given: PmaxInput, actor: User, at: datetime) -> PmaxChange:
    """Enter a Pmax that FERC approved during a contract; a second person approves it."""
    if not actor.viewer().may(CONTRACT_WRITERS):
        raise ValidationFailed.because("PMX-ROLE", "Your roles do not allow you to enter this.")
    if not is_plausible(given.first_date) or not is_plausible(given.ferc_approved_on):
        raise ValidationFailed.because(
            "PMX-DATES", "The dates must lie between 1800 and 2199.", "first_date"
        )
    key = resource_ids({given.resource}).get(given.resource)
    held = pmax_of({key or 0}, given.first_date, NOW).get(key or 0)
    if key is None or held is None:
        raise ValidationFailed.because(
            "PMX-RESOURCE",
            f"No Pmax of {given.resource} is on file for that day.{did_you_mean(given.resource)}",
            "resource",
        )
    contract = RmrContract.objects.filter(
        resource_id=key, known__contains=NOW, valid__contains=given.first_date
    ).first()
    if contract is None:
        raise ValidationFailed.because(
            "PMX-CONTRACT",
            f"{given.resource} has no RMR contract on {given.first_date}; change the "
            "Master File instead.",
            "first_date",
        )
    if given.pmax_mw <= 0 or given.pmax_mw == held:
        raise ValidationFailed.because(
            "PMX-SAME", "Give a Pmax above 0 that differs from the present one.", "pmax_mw"
        )
    ahead = approved_ahead(given.ferc_approved_on, at.astimezone(PACIFIC).date())
    if ahead:
        raise ValidationFailed(ahead)
    if given.ferc_approved_on > given.first_date:
        raise ValidationFailed.because(
            "RMR-E-0048",
            f"The approval of {given.ferc_approved_on} comes after {given.first_date}.",
            "first_date",
        )
    with pghistory.context(user=actor.pk):
        change = PmaxChange.objects.create(
            state=PmaxChange.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=key,
            contract_no=contract.contract_no,
            pmax_mw=given.pmax_mw,
            pmax_before_mw=held,
            first_date=given.first_date,
            ferc_docket=given.ferc_docket.strip(),
            ferc_approved_on=given.ferc_approved_on,
            reference=given.reference.strip(),
        )
    log_event(
        action="designations.pmax.opened",
        actor=actor,
        at=at,
        subject=change,
        sentence=f"{given.resource}: Pmax {given.pmax_mw} MW from {given.first_date}",
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="designation",
        at=at,
        title=f"A Pmax of {given.resource} waits to be approved",
        address=reverse("pmax-changes-case", args=[change.pk]),
    )
    return change


def pmax_doubts(change: PmaxChange) -> list[str]:
    """Return what looks unlikely in a Pmax beside the one before it, as in a file of capacities."""
    far = CAPACITY.on(change.first_date)
    said = unlike_amount(change.pmax_mw, change.pmax_before_mw, MW, far, "before it")
    return [f"The Pmax of {said}"] if said else []


@transaction.atomic
def pmax_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> PmaxChange:
    """Let an approved Pmax hold from its day on; a second person does this.

    What is owed follows at once, in bids, availability, payment and payload; the terms are filed
    anew by people, and the check of the Master File names the difference until they are.
    """
    moment = knowledge_moment(at=at)
    change = PmaxChange.objects.select_related("resource").get(pk=case_id)
    answered(pmax_doubts(change), note)
    change = transition(
        change,
        action="approve",
        actor=actor,
        at=moment,
        note=note,
        set_fields={"decided_by": actor},
    )
    if pmax_of({change.resource_id}, change.first_date, NOW) != {
        change.resource_id: change.pmax_before_mw
    }:
        raise MoveRefused("Pmax has changed since this was entered. Enter it again.")
    pmax_change(
        resource_id=change.resource_id,
        pmax_mw=change.pmax_mw,
        first=change.first_date,
        known_from=moment,
        reference=change.reference,
        proposed_by=change.opened_by,
        approved_by=actor,
    )
    cause = f"Pmax of {change.resource.code}"
    span = Span(change.first_date, FAR_FUTURE)
    publish_payloads(
        actor=actor,
        at=moment,
        contract_nos=[change.contract_no],
        span=span,
        cause=f"{cause}, FERC docket {change.ferc_docket}",
        mw_too=True,
    )
    days_changed(span=span, cause=cause, at=moment)
    tell(
        holders(CONTRACT_WRITERS),
        topic="designation",
        at=moment,
        title=f"File the terms of {change.contract_no} anew from {change.first_date}",
        body=f"{cause} is {MW.text(change.pmax_mw)} MW from then on.",
        address=reverse("pmax-changes-case", args=[change.pk]),
    )
    return change

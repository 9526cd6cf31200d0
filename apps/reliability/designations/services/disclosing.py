"""Open a contract that is public at FERC, or close it again: one proposes, another approves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused, log_event, transition
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import is_plausible
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.notifications.services import holders, tell
from apps.reliability.designations.codes import Disclosure
from apps.reliability.designations.models import ContractDisclosure, RmrContract
from apps.reliability.designations.selectors import NOW


@dataclass(frozen=True)
class DisclosureInput:
    """A decision as typed; ``first_date`` is the first day readers are told, or no longer."""

    contract_no: str
    kind: str
    first_date: date
    reason: str
    ferc_docket: str = ""


@implements("BRQ-1230", "BRQ-1210", source="ADR 0029 (choice of the site)")
@transaction.atomic
def propose_disclosure(*, given: DisclosureInput, actor: User, at: datetime) -> ContractDisclosure:
    """Propose that a contract's terms be told to every SC from a day on, or no longer.

    Raises ValidationFailed with what is against it.
    """
    if not actor.viewer().may(CONTRACT_WRITERS):
        raise ValidationFailed.because("DSC-ROLE", "Your roles do not allow you to propose this.")
    found = _against(given)
    if found:
        raise ValidationFailed(found)
    contract_no = given.contract_no.strip()
    with pghistory.context(user=actor.pk):
        case = ContractDisclosure.objects.create(
            state=ContractDisclosure.STATES.initial,
            opened_by=actor,
            opened_at=at,
            contract_no=contract_no,
            kind=given.kind,
            first_date=given.first_date,
            ferc_docket=given.ferc_docket.strip(),
            reason=seen_text(given.reason),
        )
    what = f"{contract_no} to {given.kind.lower()} from {given.first_date}"
    log_event(
        action="designations.contractdisclosure.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{what}: {seen_text(given.reason)}"[:500],
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="designation",
        at=at,
        title=f"The terms of {what}",
        body=f"Proposed by {actor.username}.",
        address=reverse("contract-disclosures-case", args=[case.pk]),
    )
    return case


def _against(given: DisclosureInput) -> list[Violation]:
    no = given.contract_no.strip()
    if not RmrContract.objects.filter(contract_no=no, known__contains=NOW).exists():
        said = f"No RMR contract {no!r} is on file."
        return [Violation("DSC-CONTRACT", said, column="contract_no")]
    waits = ContractDisclosure.objects.filter(contract_no=no, state="PROPOSED").first()
    if waits is not None:
        said = f"Its disclosure no. {waits.pk} waits to be decided already."
        return [Violation("DSC-WAITS", said, column="contract_no")]
    found = []
    if not is_plausible(given.first_date):
        said = "The day must lie between 1800 and 2199."
        found.append(Violation("DSC-DATES", said, column="first_date"))
    if given.kind == Disclosure.OPEN and not given.ferc_docket.strip():
        said = "Name the FERC docket in which the contract is public."
        found.append(Violation("DSC-DOCKET", said, column="ferc_docket"))
    if not seen_text(given.reason):
        found.append(Violation("DSC-REASON", "Say why, in a sentence.", column="reason"))
    return found + _out_of_turn(no, given.kind, given.first_date)


def _out_of_turn(contract_no: str, kind: str, first_date: date) -> list[Violation]:
    """Return why a decision does not follow the last approved one of its contract."""
    rows = ContractDisclosure.objects.filter(contract_no=contract_no, state="APPROVED")
    last = rows.order_by("-pk").first()
    if (last.kind if last else Disclosure.CLOSE) == kind:
        said = "open" if kind == Disclosure.OPEN else "closed"
        since = f" from {last.first_date} on" if last else ""
        return [Violation("DSC-SAME", f"{contract_no} is {said} already{since}.", column="kind")]
    if last is not None and first_date < last.first_date:
        said = f"The decision before it holds from {last.first_date}; give that day or a later one."
        return [Violation("DSC-TURN", said, column="first_date")]
    return []


@transaction.atomic
def disclosure_approve(
    *, case_id: int, actor: User, at: datetime, note: str = ""
) -> ContractDisclosure:
    """Let a decision hold from its day on; a second person does this."""
    case = transition(
        ContractDisclosure.objects.select_for_update().get(pk=case_id),
        action="approve",
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor},
    )
    before = ContractDisclosure.objects.filter(contract_no=case.contract_no, state="APPROVED")
    last = before.exclude(pk=case.pk).order_by("-pk").first()
    if last is not None and (last.kind == case.kind or case.first_date < last.first_date):
        raise MoveRefused("Another decision came first. Propose it again.")
    return case

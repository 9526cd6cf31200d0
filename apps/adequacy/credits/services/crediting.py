"""Credits from the desk: proposed by one person, let hold by another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.adequacy.credits.codes import CREDIT_WRITERS
from apps.adequacy.credits.models import CreditProposal, RmrCredit
from apps.adequacy.credits.rules import OVERRIDABLE
from apps.adequacy.credits.selectors import process_of
from apps.adequacy.credits.services.distributing import request_distribution
from apps.adequacy.credits.services.files import span_of_period
from apps.adequacy.credits.services.judging import CreditsOnFile, judge, said_areas
from apps.platform.accounts.codes import APPROVERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import (
    MoveRefused,
    knowledge_moment,
    log_event,
    supersede,
    transition,
)
from apps.platform.core.quantity import plain
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import Severity, ValidationFailed
from apps.platform.notifications.services import holders, tell
from apps.reference.resources.selectors import did_you_mean, resource_ids

COLUMNS = {
    "RESOURCE_ID": "resource",
    "CREDIT_KIND": "kind",
    "FLEX_CATEGORY": "category",
    "TAC_AREAS": "tac_areas",
    "CREDIT_MW": "mw",
}


@dataclass(frozen=True)
class CreditInput:
    """A credit as typed; ``ra_month`` None: annual. The label follows from the contract."""

    resource: str
    kind: str
    mw: Decimal
    ra_year: int
    reference: str
    ra_month: int | None = None
    category: int | None = None
    tac_areas: str = ""
    override_reason: str = ""


@transaction.atomic
def propose_credit(*, given: CreditInput, actor: User, at: datetime) -> CreditProposal:
    """Propose a credit; raises ValidationFailed with everything against it, warnings are kept."""
    if not actor.viewer().may(CREDIT_WRITERS):
        raise ValidationFailed.because(
            "CRD-ROLE", "Your roles do not allow you to propose credits."
        )
    period = f"{given.ra_year}-{given.ra_month:02d}" if given.ra_month else f"{given.ra_year}"
    key = resource_ids({given.resource}).get(given.resource)
    if key is None:
        raise ValidationFailed.because(
            "CRD-RES",
            f"There is no resource {given.resource}.{did_you_mean(given.resource)}",
            "resource",
        )
    knowledge_moment(at=at)  # of two proposals at once the second counts the first
    on_file = CreditsOnFile(period)
    for other in _waiting(key, given):
        on_file.count(key, other.kind, other.category, other.mw)
    due = on_file.facts(key, given.resource, given.kind, given.category).label
    label = due.value if due else "RMR"
    row = {
        "resource_id": given.resource,
        "tac_areas": given.tac_areas,
        "kind": given.kind,
        "category": given.category,
        "label": label,
        "mw": given.mw,
        "override_reason": given.override_reason,
    }
    found = judge(on_file, key, row, process_of(period))
    wrong = [
        replace(f, column=COLUMNS.get(f.column, "")) for f in found if f.severity is Severity.ERROR
    ]
    if wrong:
        raise ValidationFailed(wrong)
    areas, _ = on_file.read_areas(key, row)
    used = any(f.code in OVERRIDABLE for f in found)
    with pghistory.context(user=actor.pk):
        case = CreditProposal.objects.create(
            state=CreditProposal.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=key,
            process=process_of(period),
            kind=given.kind,
            category=given.category,
            label=label,
            tac_areas=said_areas(areas),
            mw=given.mw,
            ra_year=given.ra_year,
            ra_month=given.ra_month,
            reference=given.reference.strip(),
            override_reason=seen_text(given.override_reason) if used else "",
            remarks=[f.as_dict() for f in found],
        )
    sentence = f"{given.kind} credit of {given.resource} {period}: {plain(given.mw)} MW"
    if case.override_reason:
        sentence += f"; overridden: {case.override_reason}"
    log_event(
        action="credits.creditproposal.opened", actor=actor, at=at, subject=case, sentence=sentence
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="credits",
        at=at,
        title=f"{sentence} waits"[:200],
        body=f"Proposed by {actor.username}.",
        address=reverse("credit-proposals-case", args=[case.pk]),
    )
    return case


def _waiting(key: int, given: CreditInput) -> list[CreditProposal]:
    """Return what else waits for approval for the same resource and months."""
    rows = CreditProposal.objects.filter(
        state="PROPOSED", resource_id=key, ra_year=given.ra_year, ra_month=given.ra_month
    )
    return list(rows.exclude(kind=given.kind, category=given.category).order_by("pk"))


def _still_right(case: CreditProposal, period: str) -> None:
    """Refuse what no longer fits: what stands against a credit is what its approver read."""
    row = {
        "resource_id": case.resource.code,
        "tac_areas": case.tac_areas,
        "kind": case.kind,
        "category": case.category,
        "label": case.label,
        "mw": case.mw,
        "override_reason": case.override_reason,
    }
    found = judge(CreditsOnFile(period), case.resource_id, row, case.process)
    told = {r["message"] for r in case.remarks}
    new = [
        f
        for f in found
        if f.severity is Severity.ERROR or (f.code in OVERRIDABLE and f.message not in told)
    ]
    if new:
        said = " ".join(f"{f.code}: {f.message}" for f in new)
        raise MoveRefused(
            f"Since it was proposed more has come to stand against it. {said} "
            "Reject it and have it proposed again."
        )


@transaction.atomic
def credit_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> CreditProposal:
    """Let a credit hold for its months, and ask for the distribution it changes.

    Raises MoveRefused where other credits have come on file beside which it is too much.
    """
    moment = knowledge_moment(at=at)
    case = CreditProposal.objects.select_related("opened_by", "resource").get(pk=case_id)
    period = f"{case.ra_year}-{case.ra_month:02d}" if case.ra_month else f"{case.ra_year}"
    case = transition(
        case,
        action="approve",
        actor=actor,
        at=at,
        note=note or "approved",
        set_fields={"decided_by": actor},
    )
    _still_right(case, period)
    supersede(
        model=RmrCredit,
        key={
            "process": case.process,
            "resource_id": case.resource_id,
            "kind": case.kind,
            "category": case.category or 0,
        },
        values={
            "label": case.label,
            "mw": case.mw,
            "tac_areas": case.tac_areas,
            "override_reason": case.override_reason,
        },
        span=span_of_period(period),
        known_from=moment,
        reference=case.reference,
        proposed_by=case.opened_by,
        approved_by=actor,
    )
    request_distribution(period=period, actor=actor, at=at, reason=f"credit proposal no. {case.pk}")
    return case

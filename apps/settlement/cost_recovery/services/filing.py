"""An SC drafts, changes, submits, answers and withdraws a request for its own resource."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.accounts.services import bypass_rls
from apps.platform.audit.services import log_event, plain_move, transition
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.money import cents_to_usd
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC
from apps.platform.core.typed_rows import TypedRows
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.documents.selectors import documents_of
from apps.platform.documents.services import attach
from apps.platform.notifications.services import holders, tell
from apps.platform.parameters.selectors import value_on
from apps.platform.runs.rules import fingerprint
from apps.reference.market.rules import add_business_days
from apps.reference.resources.selectors import did_you_mean, resource_ids, sc_of_resource
from apps.reliability.designations.selectors import vintages_on
from apps.settlement.cost_recovery.codes import DESK, RECOVERERS, REVIEWERS, RecoveryKind
from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryItem
from apps.settlement.cost_recovery.rules import DECISION_DAYS, ItemInput, read_items, row_places
from apps.settlement.cost_recovery.selectors import recovery_requests
from apps.settlement.cost_recovery.services.telling import keep_message


@dataclass(frozen=True)
class RecoveryInput:
    """A request as typed; ``items``: rows, or one a line (see ``read_items``)."""

    kind: str
    resource: str
    items: str | TypedRows
    reason: str
    reference: str = ""


@implements("BRQ-1265", "BRQ-1270", source="BRS 1.2 section 6.4.1")
@transaction.atomic
def file_request(*, given: RecoveryInput, actor: User, at: datetime) -> CostRecoveryRequest:
    """Draft a request for one's own resource; return it. Raises ValidationFailed with every fault.

    On each trade date the resource is the actor's and under a new-tariff RMR contract, and the
    date has passed. Documents can be added until it is decided; submitting needs one.
    """
    viewer = actor.viewer()
    if not viewer.may(RECOVERERS):
        raise ValidationFailed.because("REC-ROLE", "Your roles do not allow you to file requests.")
    if given.kind not in tuple(RecoveryKind):
        raise ValidationFailed.because(
            "REC-KIND", f"A request is one of {', '.join(RecoveryKind)}.", "kind"
        )
    items = read_items(given.items)
    key = resource_ids({given.resource}).get(given.resource)
    _own(key, given.resource, items, viewer.party_id, at, given.items)
    assert key is not None
    assert viewer.party_id is not None
    reason = _said(given.reason)
    with _once(), pghistory.context(user=actor.pk):
        case = CostRecoveryRequest.objects.create(
            state=CostRecoveryRequest.STATES.initial,
            opened_by=actor,
            opened_at=at,
            kind=given.kind,
            resource_id=key,
            sc_id=viewer.party_id,
            reason=reason,
            reference=given.reference.replace("\x00", "").strip()[:80],
            fingerprint=_fingerprint(given.kind, key, items),
            **_span(items),
        )
    _keep(case, items)
    log_event(
        action="cost_recovery.costrecoveryrequest.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{case}: {given.kind} of {given.resource}, {dollars(case.claimed)} claimed",
    )
    return case


@contextmanager
def _once() -> Iterator[None]:
    """Refuse a request that is on file already, however often and fast somebody presses."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as trouble:
        if "the_same_cost_is_asked_for_once" not in str(trouble):
            raise
        raise ValidationFailed.because(
            "REC-DOUBLE", "These very costs are asked for already; see your requests.", "items"
        ) from None


def _fingerprint(kind: str, resource_id: int, items: Sequence[ItemInput]) -> str:
    words = sorted((str(i.trade_date), i.first_hour, i.last_hour, i.cents, i.what) for i in items)
    return fingerprint([kind, resource_id, *words])


def _said(reason: str) -> str:
    words = seen_text(reason.replace("\x00", ""))
    if not words:
        raise ValidationFailed.because("REC-REASON", "Say why the cost arose.", "reason")
    return words[:2000]


def _span(items: Sequence[ItemInput]) -> dict[str, Any]:
    days = [i.trade_date for i in items]
    claimed = cents_to_usd(sum(i.cents for i in items))
    return {"first_date": min(days), "last_date": max(days), "claimed": claimed}


def _keep(case: CostRecoveryRequest, items: Sequence[ItemInput]) -> None:
    RecoveryItem.objects.bulk_create(
        RecoveryItem(
            request=case,
            revision=case.revision,
            number=number,
            trade_date=i.trade_date,
            first_hour=i.first_hour,
            last_hour=i.last_hour,
            claimed=cents_to_usd(i.cents),
            what=i.what,
        )
        for number, i in enumerate(items, start=1)
    )


def _own(
    key: int | None,
    code: str,
    items: Sequence[ItemInput],
    party_id: int | None,
    at: datetime,
    given: str | TypedRows,
) -> None:
    """Raise ValidationFailed where a date or the resource stands against items; said where it was
    typed.

    What is wrong on a trade date is said of its rows; an unknown resource of the resource.
    """
    today = at.astimezone(PACIFIC).date()
    if key is None:
        raise ValidationFailed.because(
            "REC-RES", f"{code[:40]} is no resource of yours.{did_you_mean(code)}", "resource"
        )
    found = []
    for day in sorted({i.trade_date for i in items}):
        fault = ""
        if sc_of_resource(key, day, FAR_MOMENT) != party_id:
            fault = f"{code[:40]} is no resource of yours on {day}."
        elif day >= today:
            fault = f"{day} has not passed yet."
        else:
            with bypass_rls("the contract of one's own resource says whether costs recover"):
                vintage, _ = vintages_on(day, FAR_MOMENT).get(key, ("", None))
            if vintage != "NEW":
                fault = f"{code[:40]} is under no new-tariff RMR contract on {day}."
        if fault:
            places = row_places(given, day) or ["items"]
            found += [Violation("REC-RES", fault, column=place) for place in places]
    if found:
        raise ValidationFailed(found)


def _draft(case_id: int, actor: User) -> CostRecoveryRequest:
    return recovery_requests(viewer=actor.viewer()).select_for_update(of=("self",)).get(pk=case_id)


@implements("BRQ-1265", "BRQ-1270", source="BRS 1.2 section 6.4.1")
@transaction.atomic
def revise(
    *, case_id: int, actor: User, at: datetime, items: str | TypedRows, note: str = ""
) -> CostRecoveryRequest:
    """Give a draft other items; those of earlier revisions stay as they were."""
    case = _draft(case_id, actor)
    new = read_items(items)
    _own(case.resource_id, case.resource.code, new, case.sc_id, at, items)
    key = _fingerprint(case.kind, case.resource_id, new)
    with _once():
        changed = transition(
            case,
            action="revise",
            actor=actor,
            at=at,
            note=note or f"{case}: items changed",
            set_fields={"revision": case.revision + 1, "fingerprint": key, **_span(new)},
        )
    _keep(changed, new)
    return changed


def lacks_document(case: CostRecoveryRequest) -> str:
    """Return what a draft lacks before it can be submitted, or nothing."""
    if documents_of(desk=DESK, case_id=case.pk):
        return ""
    return "To submit, attach a document that shows the cost, such as an invoice."


@implements("BRQ-1265", "BRQ-1270", source="BRS 1.2 section 6.4.1")
@transaction.atomic
def submit(*, case_id: int, actor: User, at: datetime, note: str = "") -> CostRecoveryRequest:
    """Hand a draft to the ISO's reviewers; raises ValidationFailed without a document."""
    case = _draft(case_id, actor)
    missing = lacks_document(case) if case.state == "DRAFT" else ""
    if missing:
        raise ValidationFailed.because("REC-PAPER", missing)
    today = at.astimezone(PACIFIC).date()
    try:
        due: date = add_business_days(today, int(value_on(DECISION_DAYS, today)))
    except ParameterMissing as trouble:
        raise ValidationFailed.because("REC-PARAMETER", str(trouble)) from None
    done = transition(
        case,
        action="submit",
        actor=actor,
        at=at,
        note=note or f"{case} submitted",
        set_fields={"decide_by": due},
    )
    tell(
        holders(REVIEWERS),
        topic="cost-recovery",
        at=at,
        address=reverse(f"{DESK}-case", args=[case.pk]),
        title=f"{case.sc.code} asks to recover {dollars(case.claimed)} for {case.resource.code}",
        body=f"{case.kind}, {case.first_date} to {case.last_date}; a decision is due by {due}.",
    )
    return done


@transaction.atomic
def answer(*, case_id: int, actor: User, at: datetime, note: str) -> CostRecoveryRequest:
    """Answer the ISO's question; the review goes on."""
    done = transition(
        _draft(case_id, actor),
        action="answer",
        actor=actor,
        at=at,
        note=note,
        set_fields={"answer_by": None},
    )
    keep_message(done, "ANSWER", note, actor, at)
    tell(
        holders(REVIEWERS),
        topic="cost-recovery",
        at=at,
        address=reverse(f"{DESK}-case", args=[done.pk]),
        title=f"{done.sc.code} answered about {done}",
        body=note[:300],
    )
    return done


withdraw = partial(plain_move, model=CostRecoveryRequest, action="withdraw")


def document_for(
    *, case: CostRecoveryRequest, file_name: str, content: bytes, actor: User, at: datetime
) -> Any:
    """Keep a document of a request, for its SC and the ISO."""
    viewer = actor.viewer()
    if not viewer.is_iso and viewer.party_id != case.sc_id:
        raise ValidationFailed.because("REC-ROLE", "You may not add documents here.")
    return attach(
        desk=DESK,
        case_id=case.pk,
        party_id=case.sc_id,
        file_name=file_name,
        content=content,
        actor=actor,
        at=at,
        subject=case,
    )

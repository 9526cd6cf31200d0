"""File a notice of retirement or mothball; keep the public list to what stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.platform.accounts.codes import CONTRACT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused, log_event, transition
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, is_plausible
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.documents.selectors import documents_of
from apps.platform.documents.services import attach
from apps.platform.notifications.services import holders, tell
from apps.reference.resources.selectors import (
    ResourceFacts,
    did_you_mean,
    local_areas,
    resource_facts,
)
from apps.reliability.retirements import selectors
from apps.reliability.retirements.codes import DECISIONS, FILERS, Decision, LongTermState
from apps.reliability.retirements.models import PublicListEntry, RetirementNotice
from apps.reliability.retirements.rules import (
    BRIEFING_MW,
    NOTICE_DAYS,
    NOTICE_SCOPE,
    NoticeScope,
    check_notice,
)

DESK = "retirement-notices"
PUBLIC = (
    "resource_code",
    "resource_name",
    "owner",
    "capacity_mw",
    "local_area",
    "state_before",
    "state_requested",
    "notice_date",
    "requested_date",
    "state",
    "decision",
    "is_synthetic",
)


@dataclass(frozen=True)
class NoticeInput:
    """A notice as filed. ``capacity_mw``: only where no Pmax is on file."""

    resource: str
    state_before: str
    state_requested: str
    notice_date: date
    requested_date: date
    owner: str
    reason: str
    capacity_mw: Decimal | None = None
    is_synthetic: bool = False


@transaction.atomic
def file_notice(
    *, given: NoticeInput, actor: User, at: datetime, document: Any = None
) -> RetirementNotice:
    """Open a notice; with its affidavit at hand it is submitted at once.

    Raises ValidationFailed with every violation: dates too early (with the earliest), a resource
    that is not the filer's, a state that is not on record.
    """
    facts = _resource_of(given, actor, at)
    pmax = facts.pmax_mw if facts.pmax_mw is not None else given.capacity_mw
    violations = [*_against(facts.resource_id or 0, given.state_before, pmax)]
    violations += _dates(given, pmax or Decimal(0))
    today = at.astimezone(PACIFIC).date()
    if actor.viewer().is_sc and given.notice_date < today:
        violations.append(
            Violation(
                "RMR-E-0001I",
                f"A notice counts from the day it is filed, {today}. Regulatory "
                "Contracts enters one that was sent before.",
                column="notice_date",
            )
        )
    if violations or facts.resource_id is None or pmax is None:
        raise ValidationFailed(violations)
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            notice = RetirementNotice.objects.create(
                state=RetirementNotice.STATES.initial,
                opened_by=actor,
                opened_at=at,
                resource_id=facts.resource_id,
                sc_id=facts.sc_id,
                owner=given.owner.strip(),
                state_before=given.state_before,
                state_requested=given.state_requested,
                notice_date=given.notice_date,
                requested_date=given.requested_date,
                capacity_mw=pmax,
                local_area_id=local_areas().get(facts.local_area),
                reason=seen_text(given.reason),
                is_synthetic=given.is_synthetic,
            )
    except IntegrityError:
        raise ValidationFailed.because(
            "RMR-E-0001H", f"{given.resource} has an open notice already.", "resource"
        ) from None
    log_event(
        action="retirements.notice.opened",
        sentence=f"{given.resource}: {given.state_before} to {given.state_requested} on "
        f"{given.requested_date}",
        actor=actor,
        at=at,
        subject=notice,
    )
    if document is None:
        return notice
    notice_document(
        case=notice, file_name=document.name, content=document.read(), actor=actor, at=at
    )
    return submit(case_id=notice.pk, actor=actor, at=at)


def _resource_of(given: NoticeInput, actor: User, at: datetime) -> ResourceFacts:
    """Return what is on file of the resource, where the actor may file for it."""
    viewer = actor.viewer()
    if not viewer.may(FILERS):
        raise ValidationFailed.because("RET-ROLE", "Your roles do not allow you to file notices.")
    if not is_plausible(given.notice_date) or not is_plausible(given.requested_date):
        raise ValidationFailed.because(
            "RET-DATE", "The dates must lie between 1800 and 2199.", "notice_date"
        )
    days = (given.notice_date, at.astimezone(PACIFIC).date())
    facts = resource_facts(code=given.resource, days=days, known_at=FAR_MOMENT)
    if viewer.is_sc and facts.sc_id != viewer.party_id:
        raise ValidationFailed.because(
            "RMR-E-0001D",
            f"{given.resource} is not one of your resources.{did_you_mean(given.resource)}",
            "resource",
        )
    if facts.resource_id is None:
        raise ValidationFailed.because(
            "RMR-E-0001F",
            f"There is no resource {given.resource}.{did_you_mean(given.resource)}",
            "resource",
        )
    return facts


def _dates(given: NoticeInput, pmax: Decimal) -> list[Violation]:
    if given.state_requested == LongTermState.OPERATING:
        return [
            Violation(
                "RMR-E-0051",
                "Return to service needs an affidavit with justification: open "
                "it from the notice that stands.",
                column="state_requested",
            )
        ]
    rules = selectors.rules_of(given.notice_date, FAR_MOMENT)
    checked = check_notice(
        state=LongTermState(given.state_before),
        requested=LongTermState(given.state_requested),
        notice_date=given.notice_date,
        requested_date=given.requested_date,
        capacity_mw=pmax,
        notice_days=rules.at(NOTICE_DAYS, given.notice_date),
        scope=NoticeScope(rules.at(NOTICE_SCOPE, given.notice_date)),
        briefing_mw=rules.at(BRIEFING_MW, given.notice_date),
    )
    return list(checked.violations)


def _against(resource_id: int, state_before: str, pmax: Decimal | None) -> list[Violation]:
    violations = []
    on_record = selectors.long_term_state(resource_id)
    if on_record is not None and on_record != state_before:
        violations.append(
            Violation(
                "RMR-E-0001E",
                f"On record the resource is {on_record}, not {state_before}.",
                column="state_before",
            )
        )
    if pmax is None or pmax <= 0:
        violations.append(
            Violation(
                "RMR-E-0001G",
                "No Pmax is on file for that day; give the capacity.",
                column="capacity_mw",
            )
        )
    return violations


def notice_document(
    *, case: RetirementNotice, file_name: str, content: bytes, actor: User, at: datetime
) -> Any:
    """Keep an affidavit or another document of a notice."""
    admit_filer(case.sc_id, actor)
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


def admit_filer(sc_id: int | None, actor: User) -> None:
    """Let through who may add papers for an SC: Regulatory Contracts, or a filer of that SC.

    Raises ValidationFailed for others.
    """
    viewer = actor.viewer()
    if not (viewer.may(CONTRACT_WRITERS) or (viewer.may(FILERS) and viewer.party_id == sc_id)):
        raise ValidationFailed.because(
            "RET-ROLE", "Your roles do not allow you to add documents here."
        )


def notice_lacks(case: RetirementNotice) -> str:
    """Return what a draft lacks before it can be submitted, or nothing."""
    if documents_of(desk=DESK, case_id=case.pk):
        return ""
    return "Attach the affidavit before you submit."


@transaction.atomic
def submit(*, case_id: int, actor: User, at: datetime, note: str = "") -> RetirementNotice:
    """Announce a notice that has its affidavit: it stands on the public list from now on."""
    notice = RetirementNotice.objects.get(pk=case_id)
    missing = notice_lacks(notice)
    if missing:
        raise ValidationFailed.because("RET-AFFIDAVIT", missing)
    notice = transition(
        notice,
        action="submit",
        actor=actor,
        at=at,
        note=note or "Notice announced",
    )
    publish_entry(notice, at=at, change="announced")
    tell(
        holders(CONTRACT_WRITERS, but=actor),
        topic="retirement",
        at=at,
        title=f"{notice.resource.code} gives notice: {notice.state_requested}",
        body=f"{notice.owner}, requested for {notice.requested_date}.",
        address=reverse(f"{DESK}-case", args=[notice.pk]),
    )
    return notice


@transaction.atomic
def complete(*, case_id: int, actor: User, at: datetime, note: str = "") -> RetirementNotice:
    """Note that the change of state took effect, on its day or later."""
    notice = RetirementNotice.objects.get(pk=case_id)
    if at.astimezone(PACIFIC).date() < notice.requested_date:
        raise MoveRefused(f"It takes effect on {notice.requested_date}, not before.")
    notice = transition(notice, action="complete", actor=actor, at=at, note=note)
    publish_entry(notice, at=at, change=f"now {notice.state_requested}")
    return notice


@transaction.atomic
def note_decision(
    *, notice_id: int, decision: Decision, actor: User, at: datetime
) -> RetirementNotice:
    """Keep what the ISO found about a notice, and let the public list say so."""
    notice = RetirementNotice.objects.select_for_update().get(pk=notice_id)
    decision = Decision(decision)
    if notice.decision == decision:
        return notice
    notice.decision = decision.value
    with pghistory.context(user=actor.pk):
        notice.save(update_fields=["decision"])
    log_event(
        action="retirements.notice.decided",
        sentence=DECISIONS[decision],
        actor=actor,
        at=at,
        subject=notice,
    )
    if notice.state != "DRAFT":
        publish_entry(notice, at=at, change=DECISIONS[decision])
    return notice


def publish_entry(notice: RetirementNotice, *, at: datetime, change: str) -> bool:
    """Publish how a notice stands, if that differs from what the list says; return whether."""
    days = (notice.notice_date, at.astimezone(PACIFIC).date())
    facts = resource_facts(code=notice.resource.code, days=days, known_at=FAR_MOMENT)
    said = {
        "resource_code": notice.resource.code,
        "resource_name": facts.name,
        "owner": notice.owner,
        "capacity_mw": notice.capacity_mw,
        "local_area": notice.local_area.code if notice.local_area else "",
        "state_before": notice.state_before,
        "state_requested": notice.state_requested,
        "notice_date": notice.notice_date,
        "requested_date": notice.requested_date,
        "state": notice.state,
        "decision": notice.decision,
        "is_synthetic": notice.is_synthetic,
    }
    last = PublicListEntry.objects.filter(notice=notice).order_by("-version").first()
    if last is not None and all(getattr(last, name) == said[name] for name in PUBLIC):
        return False
    PublicListEntry.objects.create(
        notice=notice, version=last.version + 1 if last else 1, at=at, change=change[:300], **said
    )
    return True

"""Take a notice back or return to service, and route the affidavit to Legal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.platform.accounts.codes import CONTRACT_WRITERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import log_event, transition
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import is_plausible
from apps.platform.core.violations import ValidationFailed
from apps.platform.documents.selectors import documents_of
from apps.platform.documents.services import attach
from apps.platform.notifications.services import holders, tell
from apps.reliability.retirements import selectors
from apps.reliability.retirements.codes import FILERS, LEGAL_DESK, MONITORS, TAKEN_BACK
from apps.reliability.retirements.models import RetirementNotice, ReturnAffidavit
from apps.reliability.retirements.services.filing import admit_filer, publish_entry

DESK = "return-affidavits"


@implements("BRQ-0051", source="BRS 1.2 section 6.1.1")
@transaction.atomic
def affidavit_open(
    *,
    notice: int,
    reason_code: str,
    justification: str,
    return_date: date,
    actor: User,
    at: datetime,
    document: Any = None,
) -> ReturnAffidavit:
    """Open the affidavit that takes a notice back, or returns a resource to service.

    With its document at hand it is submitted at once. Raises ValidationFailed where the notice does
    not stand or is not the filer's, or no justification is given.
    """
    viewer = actor.viewer()
    found = selectors.notices(viewer=viewer).filter(pk=notice).first()
    if found is None or not viewer.may(FILERS):
        raise ValidationFailed.because("RET-NOTICE", f"There is no notice no. {notice}.", "notice")
    if found.state not in TAKEN_BACK:
        raise ValidationFailed.because(
            "RET-STATE", f"The notice is {found.state}; there is nothing to take back.", "notice"
        )
    if not justification.strip():
        raise ValidationFailed.because(
            "RMR-E-0051",
            "Return to service needs an affidavit with justification.",
            "justification",
        )
    if not is_plausible(return_date) or return_date < found.notice_date:
        raise ValidationFailed.because(
            "RET-DATE",
            f"The date must not lie before the notice of {found.notice_date}.",
            "return_date",
        )
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            case = ReturnAffidavit.objects.create(
                state=ReturnAffidavit.STATES.initial,
                opened_by=actor,
                opened_at=at,
                notice=found,
                sc_id=found.sc_id,
                reason_code=reason_code,
                justification=justification.strip(),
                return_date=return_date,
            )
    except IntegrityError:
        raise ValidationFailed.because(
            "RET-TWICE", "An affidavit takes this notice back already.", "notice"
        ) from None
    log_event(
        action="retirements.affidavit.opened",
        sentence=f"{found.resource.code}: back on {return_date}",
        actor=actor,
        at=at,
        subject=case,
    )
    if document is None:
        return case
    affidavit_document(
        case=case, file_name=document.name, content=document.read(), actor=actor, at=at
    )
    return affidavit_submit(case_id=case.pk, actor=actor, at=at)


def affidavit_document(
    *, case: ReturnAffidavit, file_name: str, content: bytes, actor: User, at: datetime
) -> Any:
    """Keep a document of an affidavit."""
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


def affidavit_lacks(case: ReturnAffidavit) -> str:
    """Return what a draft lacks before it can be submitted, or nothing."""
    if documents_of(desk=DESK, case_id=case.pk):
        return ""
    return "Return to service needs an affidavit: attach it before you submit."


@transaction.atomic
def affidavit_submit(*, case_id: int, actor: User, at: datetime, note: str = "") -> ReturnAffidavit:
    """Hand the affidavit to Regulatory Contracts; the notice is taken back from now on."""
    case = ReturnAffidavit.objects.get(pk=case_id)
    missing = affidavit_lacks(case)
    if missing:
        raise ValidationFailed.because("RMR-E-0051", missing)
    case = transition(
        case,
        action="submit",
        actor=actor,
        at=at,
        note=note or "Affidavit received by Regulatory Contracts",
    )
    notice = RetirementNotice.objects.get(pk=case.notice_id)
    notice = transition(
        notice,
        action=TAKEN_BACK.get(notice.state, "reverse"),
        actor=actor,
        at=at,
        note=f"taken back by affidavit no. {case.pk}",
    )
    publish_entry(notice, at=at, change=f"{notice.state.lower()} on {case.return_date}")
    tell(
        holders(CONTRACT_WRITERS, but=actor),
        topic="retirement",
        at=at,
        title=f"{notice.resource.code}: a return affidavit is received",
        address=reverse(f"{DESK}-case", args=[case.pk]),
    )
    return case


@implements("BRQ-0052", source="BRS 1.2 section 6.1.1")
@transaction.atomic
def affidavit_move(
    *, case_id: int, actor: User, at: datetime, action: str, note: str = ""
) -> ReturnAffidavit:
    """Route an affidavit one step on; whoever has it next is told."""
    case = transition(
        ReturnAffidavit.objects.get(pk=case_id), action=action, actor=actor, at=at, note=note
    )
    waiting = {"WITH_LEGAL": LEGAL_DESK, "DMM_REVIEW": MONITORS}.get(case.state)
    if waiting:
        tell(
            holders(waiting, but=actor),
            topic="retirement",
            at=at,
            title=f"Return affidavit no. {case.pk} waits for you",
            body=note,
            address=reverse(f"{DESK}-case", args=[case.pk]),
        )
    return case

"""Refer a notice to market monitoring, on record and out of public sight."""

from __future__ import annotations

from datetime import datetime

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.audit.services import log_event
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import ValidationFailed
from apps.platform.notifications.services import holders, tell
from apps.reliability.retirements import selectors
from apps.reliability.retirements.codes import MONITORS, REFERRERS
from apps.reliability.retirements.models import Referral


@implements("BRQ-0050", source="BRS 1.2 section 6.1.1")
@transaction.atomic
def refer(*, notice: int, why: str, actor: User, at: datetime) -> Referral:
    """Refer a notice whose affidavit seems wrong; market monitoring is told.

    The log's entry belongs to the referral, so the history of the notice does not tell of it.
    """
    viewer = actor.viewer()
    found = selectors.notices(viewer=viewer).filter(pk=notice).first()
    if found is None or not viewer.may(REFERRERS):
        raise ValidationFailed.because("RET-NOTICE", f"There is no notice no. {notice}.", "notice")
    if not why.strip():
        raise ValidationFailed.because("RET-WHY", "Say what seems wrong.", "why")
    with pghistory.context(user=actor.pk):
        case = Referral.objects.create(
            state=Referral.STATES.initial,
            opened_by=actor,
            opened_at=at,
            notice=found,
            why=why.strip(),
        )
    log_event(
        action="retirements.referral.opened",
        sentence=f"{found.resource.code} referred",
        actor=actor,
        at=at,
        subject=case,
    )
    tell(
        holders(MONITORS, but=actor),
        topic="referral",
        at=at,
        title=f"A notice of {found.resource.code} is referred to you",
        address=reverse("referrals-case", args=[case.pk]),
    )
    return case

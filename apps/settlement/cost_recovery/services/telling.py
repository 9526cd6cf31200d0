"""What the ISO and the SC tell each other about a request, kept where both can read it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.notifications.services import people_of, tell
from apps.settlement.cost_recovery.codes import DESK, RECOVERERS
from apps.settlement.cost_recovery.models import CostRecoveryRequest, RecoveryMessage


def keep_message(
    case: CostRecoveryRequest, kind: str, text: str, actor: User, at: datetime
) -> None:
    """Keep a question, an answer or the words of a decision; nothing where there are none."""
    words = text.replace("\x00", "").strip()[:2000]
    if words:
        RecoveryMessage.objects.create(request=case, kind=kind, text=words, at=at, by=actor)


def tell_sc(case: CostRecoveryRequest, title: str, body: str, at: datetime) -> None:
    """Put a notice into the inboxes of the people who file for the request's SC."""
    tell(
        people_of(case.sc_id, RECOVERERS),
        topic="cost-recovery",
        at=at,
        address=reverse(f"{DESK}-case", args=[case.pk]),
        title=title,
        body=body[:300],
    )

"""The ISO reviews a request: takes it, asks, recommends, takes it back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS
from apps.platform.accounts.models import User
from apps.platform.audit.services import transition
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.violations import ValidationFailed
from apps.platform.notifications.services import holders, tell
from apps.platform.parameters.selectors import value_on
from apps.reference.market.rules import add_business_days
from apps.settlement.cost_recovery.codes import DESK
from apps.settlement.cost_recovery.models import CostRecoveryRequest
from apps.settlement.cost_recovery.rules import ANSWER_DAYS
from apps.settlement.cost_recovery.services.telling import keep_message, tell_sc


@transaction.atomic
def review(*, case_id: int, actor: User, at: datetime, note: str = "") -> CostRecoveryRequest:
    """Begin the review of a submitted request; the reviewer cannot decide it later."""
    return transition(
        CostRecoveryRequest.objects.get(pk=case_id),
        action="review",
        actor=actor,
        at=at,
        note=note or "review begun",
        set_fields={"reviewed_by": actor},
    )


@implements("BRQ-1275", source="settlement rule book 10.1")
@transaction.atomic
def ask(*, case_id: int, actor: User, at: datetime, note: str) -> CostRecoveryRequest:
    """Ask the SC something; it has so many business days to answer."""
    today = at.astimezone(PACIFIC).date()
    try:
        due: date = add_business_days(today, int(value_on(ANSWER_DAYS, today)))
    except ParameterMissing as trouble:
        raise ValidationFailed.because("REC-PARAMETER", str(trouble)) from None
    done = transition(
        CostRecoveryRequest.objects.get(pk=case_id),
        action="ask",
        actor=actor,
        at=at,
        note=note,
        set_fields={"reviewed_by": actor, "answer_by": due},
    )
    keep_message(done, "QUESTION", note, actor, at)
    tell_sc(done, f"The ISO asks about {done}; answer by {due}", note, at)
    return done


@implements("BRQ-1275", source="settlement rule book 10.1")
@transaction.atomic
def recommend(
    *, case_id: int, actor: User, at: datetime, note: str, basis: Decimal | None = None
) -> CostRecoveryRequest:
    """End the review with a recommendation, and a cost basis where the ISO's daily one is wrong.

    Who recommends is the reviewer from then on.
    """
    words = f"{note} Cost basis set to {plain(basis)} $/MWh." if basis is not None else note
    done = transition(
        CostRecoveryRequest.objects.get(pk=case_id),
        action="recommend",
        actor=actor,
        at=at,
        note=words,
        set_fields={"reviewed_by": actor, "basis": basis},
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="cost-recovery",
        at=at,
        address=reverse(f"{DESK}-case", args=[done.pk]),
        title=f"{done} of {done.sc.code} waits to be decided",
        body=words[:300],
    )
    return done


@transaction.atomic
def send_back(*, case_id: int, actor: User, at: datetime, note: str) -> CostRecoveryRequest:
    """Send a recommended request back to its review, saying what is missing."""
    return transition(
        CostRecoveryRequest.objects.get(pk=case_id),
        action="send_back",
        actor=actor,
        at=at,
        note=note,
    )

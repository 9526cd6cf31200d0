"""The ISO decides a dispute: accepted in full or part, with the run that corrects it, or denied."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.models import User
from apps.platform.audit.services import transition
from apps.platform.core.quantity import dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.violations import ValidationFailed
from apps.platform.notifications.services import tell
from apps.settlement.disputes.models import Dispute
from apps.settlement.settlements.codes import OPTIONAL
from apps.settlement.settlements.selectors import calendar_of


def runs_ahead(dispute: Dispute, at: datetime) -> list[str]:
    """Return the runs in which a dispute can be corrected: those still ahead, then optional."""
    today = at.astimezone(PACIFIC).date()
    ahead = [r.run for r in calendar_of([dispute.trade_date])[dispute.trade_date] if r.day > today]
    return [*ahead, OPTIONAL]


@implements("BRQ-1203", source="settlement rule book 11.4")
@transaction.atomic
def accept(
    *,
    case_id: int,
    actor: User,
    at: datetime,
    note: str = "",
    correct_in: str = "",
    granted: Decimal | None = None,
) -> Dispute:
    """Accept a dispute in full, or in part where ``granted`` says less; name the run.

    Raises ValidationFailed for a placeholder, more than was asked, or a run the trade date has no
    more.
    """
    case = Dispute.objects.get(pk=case_id)
    if case.amount is None:
        raise ValidationFailed.because(
            "DSP-FIGURE", "A placeholder has no figure to decide on yet."
        )
    amount = case.amount if granted is None else granted
    if amount * case.amount <= 0 or abs(amount) > abs(case.amount):
        raise ValidationFailed.because(
            "DSP-GRANTED",
            f"Grant something up to the {dollars(case.amount)} asked, with its sign.",
            "granted",
        )
    ahead = runs_ahead(case, at)
    run = correct_in or ahead[0]
    if run not in ahead:
        raise ValidationFailed.because(
            "DSP-RUN", f"It can be corrected in {', '.join(ahead)}.", "correct_in"
        )
    done = transition(
        case,
        action="accept",
        actor=actor,
        at=at,
        note=note or f"{case}: {dollars(amount)} granted, corrected in {run}",
        set_fields={"decided_by": actor, "granted": amount, "correct_in": run},
    )
    _tell(done, f"Accepted: {dollars(amount)}, corrected in {run}.", at)
    return done


@implements("BRQ-1203", source="settlement rule book 11.4")
@transaction.atomic
def deny(*, case_id: int, actor: User, at: datetime, note: str) -> Dispute:
    """Deny a dispute, saying why; the line stays as it is and the SC is told."""
    done = transition(
        Dispute.objects.get(pk=case_id),
        action="deny",
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor},
    )
    _tell(done, f"Denied: {note}", at)
    return done


def _tell(case: Dispute, said: str, at: datetime) -> None:
    tell(
        User.objects.filter(is_active=True, party_id=case.sc_id).exclude(memberships=None),
        topic="dispute",
        title=f"Dispute of {case}",
        body=said,
        at=at,
        address=reverse("disputes-case", args=[case.pk]),
    )

"""File and cancel outage cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pghistory
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused, log_event, transition
from apps.platform.core.quantity import plain
from apps.platform.core.tradetime import FAR_MOMENT, PACIFIC, is_plausible
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.reference.outages.codes import FILERS
from apps.reference.outages.models import OutageCard
from apps.reference.resources.selectors import did_you_mean, resource_facts


@dataclass(frozen=True)
class OutageInput:
    """An outage as typed."""

    resource: str
    outage_type: str
    nature: str
    curtailed_mw: Decimal
    starts_at: datetime
    reason: str
    ends_at: datetime | None = None
    mrid: str = ""


@transaction.atomic
def file_outage(*, given: OutageInput, actor: User, at: datetime) -> OutageCard:
    """File an outage of one's own resource, or the ISO's for it; raises ValidationFailed."""
    viewer = actor.viewer()
    if not viewer.may(FILERS):
        raise ValidationFailed.because("OUT-ROLE", "Your roles do not allow you to file outages.")
    day = given.starts_at.astimezone(PACIFIC).date()
    if not is_plausible(day) or (given.ends_at and not is_plausible(given.ends_at.date())):
        raise ValidationFailed.because(
            "OUT-DATE", "The times must lie between 1800 and 2199.", "starts_at"
        )
    facts = resource_facts(code=given.resource, days=(day,), known_at=FAR_MOMENT)
    if facts.resource_id is None or (viewer.is_sc and facts.sc_id != viewer.party_id):
        raise ValidationFailed.because(
            "OUT-RES",
            f"{given.resource} is no resource of yours on {day}.{did_you_mean(given.resource)}",
            "resource",
        )
    found = _against(given, facts.pmax_mw)
    if found:
        raise ValidationFailed(found)
    with pghistory.context(user=actor.pk):
        card = OutageCard.objects.create(
            state=OutageCard.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=facts.resource_id,
            outage_type=given.outage_type,
            nature=given.nature,
            curtailed_mw=given.curtailed_mw,
            starts_at=given.starts_at,
            ends_at=given.ends_at,
            reason=seen_text(given.reason),
            mrid=given.mrid.strip(),
        )
    log_event(
        action="outages.outagecard.opened",
        actor=actor,
        at=at,
        subject=card,
        sentence=f"{given.resource}: {plain(given.curtailed_mw)} MW out from "
        f"{given.starts_at:%Y-%m-%d %H:%M}, {given.nature}",
    )
    return card


def _against(given: OutageInput, pmax: Decimal | None) -> list[Violation]:
    found = []
    if given.ends_at is not None and given.ends_at <= given.starts_at:
        found.append(Violation("OUT-ORDER", "The outage ends before it begins.", column="ends_at"))
    if given.curtailed_mw <= 0:
        found.append(Violation("OUT-MW", "The curtailment is above 0 MW.", column="curtailed_mw"))
    if pmax is not None and given.curtailed_mw > pmax:
        found.append(
            Violation(
                "OUT-PMAX",
                f"More than Pmax, {plain(pmax)} MW, cannot be out.",
                column="curtailed_mw",
            )
        )
    return found


@transaction.atomic
def cancel_outage(*, case_id: int, actor: User, at: datetime, note: str = "") -> OutageCard:
    """Cancel an outage; what was decided while it stood stays as it was."""
    card = OutageCard.objects.get(pk=case_id)
    viewer = actor.viewer()
    if viewer.is_sc and card.opened_by.party_id != viewer.party_id:
        raise MoveRefused("The ISO filed this outage; ask it to cancel the card.")
    return transition(
        card, action="cancel", actor=actor, at=at, note=note, set_fields={"cancelled_at": at}
    )

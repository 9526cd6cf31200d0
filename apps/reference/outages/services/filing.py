"""File and cancel outage cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pghistory
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.audit.services import MoveRefused, record, transition
from apps.platform.kernel.findings import Finding, Refusal
from apps.platform.kernel.quantity import plain
from apps.platform.kernel.tradetime import FAR_MOMENT, PACIFIC, is_plausible
from apps.reference.outages.models import OutageCard
from apps.reference.outages.terms import FILERS
from apps.reference.resources.selectors import did_you_mean, resource_facts


@dataclass(frozen=True)
class OutageWish:
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
def file_outage(*, wish: OutageWish, actor: User, at: datetime) -> OutageCard:
    """File an outage of one's own resource, or the ISO's for it; raises Refusal."""
    viewer = actor.viewer()
    if not viewer.may(FILERS):
        raise Refusal.because("OUT-ROLE", "Your roles do not allow you to file outages.")
    day = wish.starts_at.astimezone(PACIFIC).date()
    if not is_plausible(day) or (wish.ends_at and not is_plausible(wish.ends_at.date())):
        raise Refusal.because("OUT-DATE", "The times must lie between 1800 and 2199.", "starts_at")
    facts = resource_facts(code=wish.resource, days=(day,), known_at=FAR_MOMENT)
    if facts.resource_id is None or (viewer.is_sc and facts.sc_id != viewer.party_id):
        raise Refusal.because(
            "OUT-RES",
            f"{wish.resource} is no resource of yours on {day}.{did_you_mean(wish.resource)}",
            "resource",
        )
    found = _against(wish, facts.pmax_mw)
    if found:
        raise Refusal(found)
    with pghistory.context(user=actor.pk):
        card = OutageCard.objects.create(
            state=OutageCard.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=facts.resource_id,
            outage_type=wish.outage_type,
            nature=wish.nature,
            curtailed_mw=wish.curtailed_mw,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            reason=wish.reason.strip(),
            mrid=wish.mrid.strip(),
        )
    record(
        action="outages.outagecard.opened",
        actor=actor,
        at=at,
        subject=card,
        sentence=f"{wish.resource}: {plain(wish.curtailed_mw)} MW out from "
        f"{wish.starts_at:%Y-%m-%d %H:%M}, {wish.nature}",
    )
    return card


def _against(wish: OutageWish, pmax: Decimal | None) -> list[Finding]:
    found = []
    if wish.ends_at is not None and wish.ends_at <= wish.starts_at:
        found.append(Finding("OUT-ORDER", "The outage ends before it begins.", column="ends_at"))
    if wish.curtailed_mw <= 0:
        found.append(Finding("OUT-MW", "The curtailment is above 0 MW.", column="curtailed_mw"))
    if pmax is not None and wish.curtailed_mw > pmax:
        found.append(
            Finding(
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

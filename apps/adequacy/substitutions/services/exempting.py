"""Exemption requests: an SC asks with evidence, another person decides (BRQ-0215)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.adequacy.substitutions.codes import DECIDERS, REQUESTERS
from apps.adequacy.substitutions.models import Exemption
from apps.platform.accounts.models import User
from apps.platform.accounts.services import bypass_rls
from apps.platform.audit.services import knowledge_moment, log_event, transition
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT, PACIFIC, Span, TradeDay
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed
from apps.platform.documents.services import attach
from apps.platform.notifications.services import holders, people_of, tell
from apps.reference.outages.selectors import OutageNamed, outage_named
from apps.reference.resources.selectors import resource_codes, sc_of_resource, scs_over
from apps.reliability.designations.selectors import vintages_on


@dataclass(frozen=True)
class ExemptionInput:
    """An exemption as typed."""

    outage: str
    reason_code: str
    reason: str


@implements("BRQ-0215", source="BRS 1.2 section 6.2.2")
@transaction.atomic
def request_exemption(
    *, given: ExemptionInput, actor: User, at: datetime, document: Any = None
) -> Exemption:
    """Ask that an outage of one's own resource be exempt; raises ValidationFailed.

    The SC of any day of the outage may ask, for its days and those after them; the ISO asks for
    all of it. Legacy RMR needs none: it is exempt. Source: BRQ-0215, BRQ-0225.
    """
    viewer = actor.viewer()
    if not viewer.may(REQUESTERS):
        raise ValidationFailed.because(
            "EXM-ROLE", "Your roles do not allow you to ask for exemptions."
        )
    outage = outage_named(given.outage)
    nothing = ValidationFailed.because(
        "EXM-OUTAGE", "There is no such outage of a resource of yours.", "outage"
    )
    if outage is None:
        raise nothing
    with bypass_rls("whose an outage is, and under which contract, is checked"):
        day = _first_day(outage, actor)
        if day is None:
            raise nothing
        sc_id = sc_of_resource(outage.resource_id, day, FAR_MOMENT)
        vintage = vintages_on(day, FAR_MOMENT).get(outage.resource_id, ("", None))[0]
    if sc_id is None:
        raise nothing
    starts_at = max(outage.starts_at, TradeDay(day).start)
    if vintage == "LEGACY":
        raise ValidationFailed.because(
            "EXM-LEGACY", "Legacy RMR is exempt from RAAIM; no request is needed.", "outage"
        )
    open_ones = Exemption.objects.filter(
        outage=outage.outage, resource_id=outage.resource_id, state__in=["REQUESTED", "APPROVED"]
    )
    before = open_ones.filter(starts_at__lte=starts_at).first()
    if before is not None:
        other = before.sc_id != sc_id and not viewer.is_iso
        said = "An exemption of this outage is asked for already"
        raise ValidationFailed.because(
            "EXM-TWICE",
            f"{said} by its SC before; it goes with the resource to the days from {day} too."
            if other
            else f"{said}.",
            "outage",
        )
    with pghistory.context(user=actor.pk):
        case = Exemption.objects.create(
            state=Exemption.STATES.initial,
            opened_by=actor,
            opened_at=at,
            outage=outage.outage,
            outage_type=outage.outage_type,
            nature=outage.nature,
            resource_id=outage.resource_id,
            sc_id=sc_id,
            starts_at=starts_at,
            ends_at=outage.ends_at or starts_at + timedelta(days=31),
            reason_code=given.reason_code,
            reason=seen_text(given.reason),
        )
    code = resource_codes({outage.resource_id})[outage.resource_id]
    log_event(
        action="substitutions.exemption.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{code}, outage {outage.outage}: {given.reason_code}",
    )
    if document is not None:
        exemption_document(
            case=case, file_name=document.name, content=document.read(), actor=actor, at=at
        )
    tell(
        holders(DECIDERS, but=actor),
        topic="adequacy",
        at=at,
        address=reverse("exemptions-case", args=[case.pk]),
        title=f"Exemption of {code}, outage {outage.outage}, waits to be decided",
    )
    return case


def _first_day(outage: OutageNamed, actor: User) -> date | None:
    """Return the first day of an outage an exemption can be for: the actor's own, the ISO's any."""
    first = outage.starts_at.astimezone(PACIFIC).date()
    last = (outage.ends_at or outage.starts_at).astimezone(PACIFIC).date()
    if actor.viewer().is_iso:
        return first
    end = Span.through(first, last).end if outage.ends_at else FAR_FUTURE
    held = scs_over({outage.resource_id}, Span(first, end)).get(outage.resource_id, ())
    own = [span for sc, span in held if actor.party is not None and sc == actor.party.code]
    return max(first, min(s.first for s in own)) if own else None


def exemption_document(
    *, case: Exemption, file_name: str, content: bytes, actor: User, at: datetime
) -> Any:
    """Keep evidence of a request."""
    viewer = actor.viewer()
    if not viewer.is_iso and viewer.party_id != case.sc_id:
        raise ValidationFailed.because("EXM-ROLE", "You may not add documents here.")
    return attach(
        desk="exemptions",
        case_id=case.pk,
        party_id=case.sc_id,
        file_name=file_name,
        content=content,
        actor=actor,
        at=at,
        subject=case,
    )


@transaction.atomic
def exemption_decide(
    *, action: str, case_id: int, actor: User, at: datetime, note: str = ""
) -> Exemption:
    """Approve or deny; an approved one takes the outage out of availability from now on."""
    moment = knowledge_moment(at=at)
    case = transition(
        Exemption.objects.get(pk=case_id),
        action=action,
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor, "decided_at": moment},
    )
    tell(
        people_of(case.sc_id, REQUESTERS),
        topic="adequacy",
        at=at,
        address=reverse("exemptions-case", args=[case.pk]),
        title=f"Exemption no. {case.pk} is {case.state.lower()}",
        body=note,
    )
    return case

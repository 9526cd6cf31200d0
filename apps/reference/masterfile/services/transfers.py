"""A resource changes its scheduling coordinator on a day: everything follows by day."""

from __future__ import annotations

from datetime import date, datetime

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, PartyKind
from apps.platform.accounts.models import Party, User
from apps.platform.accounts.selectors import sc_ids
from apps.platform.audit.services import MoveRefused, knowledge_moment, log_event, transition
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT, Span, is_plausible
from apps.platform.core.violations import ValidationFailed
from apps.platform.notifications.services import holders, tell
from apps.platform.runs.services import days_changed
from apps.reference.masterfile.codes import RETRIEVERS
from apps.reference.masterfile.models import ScTransfer
from apps.reference.resources.rules import question, shown
from apps.reference.resources.selectors import did_you_mean, resource_ids, sc_of_resource
from apps.reference.resources.services import sc_change


@implements("BRQ-0225", source="BRS 1.2 section 6.2.2")
@transaction.atomic
def propose_transfer(
    *, resource: str, to_sc: str, first_date: date, reference: str, actor: User, at: datetime
) -> ScTransfer:
    """Propose that a resource be another SC's from a day on; a second person approves."""
    if not actor.viewer().may(RETRIEVERS):
        raise ValidationFailed.because("TRF-ROLE", "Your roles do not allow you to enter this.")
    if not is_plausible(first_date):
        raise ValidationFailed.because(
            "TRF-DATE", "The date must lie between 1800 and 2199.", "first_date"
        )
    key = resource_ids({resource}).get(resource)
    held = sc_of_resource(key or 0, first_date, FAR_MOMENT)
    if key is None or held is None:
        raise ValidationFailed.because(
            "TRF-RESOURCE",
            f"No SC of {resource} is on file for {first_date}.{did_you_mean(resource)}",
            "resource",
        )
    new = Party.objects.filter(code=to_sc, kind=PartyKind.SC, is_active=True).first()
    if new is None:
        raise ValidationFailed.because(
            "TRF-SC",
            f"There is no active SC {shown(to_sc)}.{question(to_sc, sc_ids())}",
            "to_sc",
        )
    if new.pk == held:
        raise ValidationFailed.because("TRF-SAME", f"{resource} is {to_sc}'s already.", "to_sc")
    with pghistory.context(user=actor.pk):
        case = ScTransfer.objects.create(
            state=ScTransfer.STATES.initial,
            opened_by=actor,
            opened_at=at,
            resource_id=key,
            from_sc_id=held,
            to_sc=new,
            first_date=first_date,
            reference=reference.strip(),
        )
    log_event(
        action="masterfile.transfer.opened",
        actor=actor,
        at=at,
        subject=case,
        sentence=f"{resource} to {to_sc} from {first_date}",
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="master-file",
        at=at,
        title=f"A change of SC of {resource} waits to be decided",
        address=reverse("sc-transfers-case", args=[case.pk]),
    )
    return case


@transaction.atomic
def transfer_approve(*, case_id: int, actor: User, at: datetime, note: str = "") -> ScTransfer:
    """Let the resource be the new SC's from the day on; published days on or after it go stale."""
    moment = knowledge_moment(at=at)
    case = transition(
        ScTransfer.objects.select_related("resource", "to_sc", "from_sc").get(pk=case_id),
        action="approve",
        actor=actor,
        at=moment,
        note=note,
        set_fields={"decided_by": actor},
    )
    if sc_of_resource(case.resource_id, case.first_date, FAR_MOMENT) != case.from_sc_id:
        raise MoveRefused("The resource's SC has changed since this was proposed.")
    sc_change(
        resource_id=case.resource_id,
        sc_id=case.to_sc_id,
        first=case.first_date,
        known_from=moment,
        reference=case.reference,
        proposed_by=case.opened_by,
        approved_by=actor,
    )
    days_changed(
        span=Span(case.first_date, FAR_FUTURE),
        cause=f"{case.resource.code} is {case.to_sc.code}'s",
        at=moment,
    )
    people = User.objects.filter(party_id__in=[case.from_sc_id, case.to_sc_id], is_active=True)
    tell(
        [case.opened_by, *people],
        topic="master-file",
        at=moment,
        title=f"{case.resource.code} changes its SC on {case.first_date}",
        address=reverse("sc-associations"),
    )
    return case

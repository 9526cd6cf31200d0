"""Propose, approve and reject parameter values; seed the first ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, PROPOSERS
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import knowledge_moment, log_event, supersede, transition
from apps.platform.core.effective import ParameterRefused, declared_parameter
from apps.platform.core.tradetime import FAR_FUTURE, Span, is_plausible
from apps.platform.core.unseen import seen_text
from apps.platform.notifications.services import holders, tell
from apps.platform.parameters.hooks import VALUE_WATCHERS
from apps.platform.parameters.models import ParameterProposal, ParameterValue

RELEASE_USERNAME = "release"


@transaction.atomic
def propose(
    *,
    name: str,
    text: str,
    first_date: date,
    last_date: date | None,
    reference: str,
    reason: str,
    actor: User,
    at: datetime,
) -> ParameterProposal:
    """Open a proposal; raises ParameterRefused for a value, span or reference that does not fit."""
    if not actor.viewer().may(PROPOSERS):
        raise ParameterRefused("Your roles do not allow you to propose parameter values.")
    try:
        parameter = declared_parameter(name)
    except KeyError:
        raise ParameterRefused(f"There is no parameter {name!r}.") from None
    parameter.read(text)
    if not is_plausible(first_date) or not is_plausible(last_date or first_date):
        raise ParameterRefused("The trade dates must lie between 1800 and 2199.")
    if last_date is not None and last_date < first_date:
        raise ParameterRefused("The last trade date lies before the first.")
    if not reference.strip() or not seen_text(reason):
        raise ParameterRefused("A reference and a reason are needed, so that anyone can check it.")
    proposal = ParameterProposal.objects.create(
        state=ParameterProposal.STATES.initial,
        opened_by=actor,
        opened_at=at,
        name=name,
        text=text.strip(),
        first_date=first_date,
        last_date=last_date,
        reference=reference.strip(),
        reason=seen_text(reason),
    )
    log_event(
        action="parameters.proposal.opened",
        sentence=f"{name} = {text} proposed from {first_date}",
        actor=actor,
        at=at,
        subject=proposal,
    )
    tell(
        holders(APPROVERS, but=actor),
        topic="proposal-waits",
        at=at,
        title=f"{name} = {text} waits to be decided",
        body=f"Proposed by {actor.username}.",
        address=reverse("parameter-proposal", args=[proposal.pk]),
    )
    return proposal


@transaction.atomic
def approve(*, proposal_id: int, actor: User, at: datetime, note: str = "") -> ParameterProposal:
    """Let a proposed value hold; a second person does this, and stale days are marked.

    Raises MoveRefused where the state, the roles or the person stand against it.
    """
    moment = knowledge_moment(at=at)
    proposal = transition(
        ParameterProposal.objects.get(pk=proposal_id),
        action="approve",
        actor=actor,
        at=moment,
        note=note,
        set_fields={"decided_by": actor},
    )
    end = Span.through(proposal.first_date, proposal.last_date).end if proposal.last_date else None
    value = supersede(
        model=ParameterValue,
        key={"name": proposal.name},
        values={"text": proposal.text},
        span=Span(proposal.first_date, end or FAR_FUTURE),
        known_from=moment,
        reference=proposal.reference,
        proposed_by=proposal.opened_by,
        approved_by=actor,
    )
    if value is not None:
        for watcher in VALUE_WATCHERS:
            watcher(value, actor, moment)
    tell(
        [proposal.opened_by],
        topic="proposal-decided",
        at=moment,
        title=f"{proposal.name} = {proposal.text} is approved",
        body=f"By {actor.username}.",
        address=reverse("parameter", args=[proposal.name]),
    )
    return proposal


def reject(*, proposal_id: int, actor: User, at: datetime, note: str = "") -> ParameterProposal:
    """Turn a proposal down; a second person does this."""
    return transition(
        ParameterProposal.objects.get(pk=proposal_id),
        action="reject",
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor},
    )


def withdraw(*, proposal_id: int, actor: User, at: datetime, note: str = "") -> ParameterProposal:
    """Take a proposal back."""
    return transition(
        ParameterProposal.objects.get(pk=proposal_id),
        action="withdraw",
        actor=actor,
        at=at,
        note=note,
    )


@transaction.atomic
def seed(*, entries: Iterable[Mapping[str, Any]], at: datetime) -> int:
    """Give declared parameters their first values; parameters that have any are left alone.

    entries: ``name``, ``values`` with ``from``, ``value``, ``reference``.
    Returns how many were set.
    """
    release = User.objects.get(username=RELEASE_USERNAME)
    made = 0
    moment = knowledge_moment(at=at)
    for entry in entries:
        parameter = declared_parameter(entry["name"])
        if ParameterValue.objects.filter(name=parameter.name).exists():
            continue
        for value in entry["values"]:
            parameter.read(str(value["value"]))
            supersede(
                model=ParameterValue,
                key={"name": parameter.name},
                values={"text": str(value["value"])},
                span=Span(value["from"], value.get("until") or FAR_FUTURE),
                known_from=moment,
                reference=value["reference"],
                proposed_by=system_user(),
                approved_by=release,
            )
            made += 1
    return made

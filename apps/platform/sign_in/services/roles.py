"""Roles that decide as a second person are given by two people: one asks, another one approves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pghistory
from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, DECIDING, ROLE_TITLES, Role
from apps.platform.accounts.models import Membership, User
from apps.platform.audit.services import MoveRefused, log_event, transition
from apps.platform.notifications.services import holders, tell
from apps.platform.sign_in.models import RoleRequest
from apps.platform.sign_in.services.certificates import CertificateRefused, no_machine_approves


class RolesWait(ValueError):
    """A request for roles of the person waits already; the message says which."""


def role_titles(roles: Iterable[str]) -> str:
    """Return roles as people read them."""
    return ", ".join(ROLE_TITLES[Role(r)] for r in roles) or "nothing"


def tell_approvers(title: str, user: User, actor: User, at: datetime) -> None:
    """Tell everybody else who may approve, as a new approver is everybody's business."""
    others = [p for p in holders(APPROVERS, but=actor) if p.pk != user.pk]
    tell(
        others,
        topic="access-changed",
        title=title,
        at=at,
        address=reverse("person", args=[user.pk]),
        body=f"By {actor.username}. If that should not be, speak to an administrator.",
    )


@transaction.atomic
def roles_ask(*, user: User, roles: Iterable[str], actor: User, at: datetime) -> RoleRequest | None:
    """Open the request to give somebody the roles that decide among these; None without any.

    The caller has checked that the actor manages the person and that the roles fit. Asking ties
    the two accounts as an invitation does. Raises RolesWait where other roles are asked for
    already.
    """
    wanted = sorted(DECIDING & {str(r) for r in roles})
    if not wanted:
        return None
    User.objects.select_for_update().get(pk=user.pk)  # two who ask at once: one after the other
    waiting = RoleRequest.objects.filter(user=user, state="ASKED").first()
    if waiting is not None:
        if waiting.roles == wanted:
            return waiting
        raise RolesWait(
            f"Role request {waiting.pk} for {user.username} ({role_titles(waiting.roles)}) waits "
            "to be decided; have it decided or withdraw it first."
        )
    with pghistory.context(user=actor.pk):
        case = RoleRequest.objects.create(
            state=RoleRequest.STATES.initial,
            opened_by=actor,
            opened_at=at,
            user=user,
            roles=wanted,
        )
    log_event(
        action="sign_in.person.roles_asked",
        sentence=f"{actor.username} asks that {user.username} be given {role_titles(wanted)}",
        actor=actor,
        at=at,
        subject=user,
    )
    tell(
        [p for p in holders(APPROVERS, but=actor) if p.pk != user.pk],
        topic="access-changed",
        title=f"{user.username} is to be {role_titles(wanted)}: a second person decides",
        at=at,
        address=reverse("role-requests-case", args=[case.pk]),
        body=f"Asked for by {actor.username}.",
    )
    return case


def role_waits(case: RoleRequest) -> str:
    """Say that roles wait for a second person, and what to do where there is none."""
    said = f"{role_titles(case.roles)} waits for a second person: "
    if any(p.pk != case.user_id for p in holders(APPROVERS, but=case.opened_by)):
        return said + f"somebody else who may approve decides role request {case.pk}."
    return said + (
        "nobody else may approve. Who runs the machine gives the role with manage.py person, as "
        "long as fewer than two people may approve."
    )


def _not_own(case: RoleRequest, actor: User) -> None:
    if case.user_id == actor.pk:
        raise MoveRefused("These are your own roles; somebody else decides about them.")


@transaction.atomic
def role_grant(*, case_id: int, actor: User, at: datetime, note: str = "") -> RoleRequest:
    """Give a person the roles asked for; a second person does this.

    Who approves vouches for the person. Raises MoveRefused where the state, the roles or the
    person stand against it, where the account is not active, and where a machine acts as it.
    """
    case = RoleRequest.objects.select_related("user__party").get(pk=case_id)
    _not_own(case, actor)
    user = case.user
    if not user.is_active:
        raise MoveRefused(f"{user.username} is not active; let them sign in again first.")
    try:
        no_machine_approves(user=user, roles=case.roles, at=at)
    except CertificateRefused as trouble:
        raise MoveRefused(str(trouble)) from trouble
    done = transition(
        case,
        action="approve",
        actor=actor,
        at=at,
        note=note or f"{user.username} is given {role_titles(case.roles)}",
        set_fields={"decided_by": actor},
    )
    held = set(user.memberships.values_list("role", flat=True))
    with pghistory.context(user=actor.pk):
        for role in sorted(set(done.roles) - held):
            Membership.objects.create(
                user=user, role=role, proposed_by=done.opened_by, approved_by=actor
            )
    log_event(
        action="sign_in.person.roles_given",
        sentence=f"{user.username} is given {role_titles(done.roles)}, asked for by "
        f"{done.opened_by.username}",
        actor=actor,
        at=at,
        subject=user,
    )
    tell(
        [user],
        topic="access-changed",
        title=f"Your new roles: {role_titles(done.roles)}",
        at=at,
        body=f"Asked for by {done.opened_by.username}, given by {actor.username}.",
    )
    if APPROVERS & set(done.roles):
        tell_approvers(f"{user.username} may approve from now on", user, actor, at)
    return done


@transaction.atomic
def role_refuse(*, case_id: int, actor: User, at: datetime, note: str = "") -> RoleRequest:
    """Turn a request for roles down; a second person does this."""
    case = RoleRequest.objects.get(pk=case_id)
    _not_own(case, actor)
    return transition(
        case,
        action="reject",
        actor=actor,
        at=at,
        note=note,
        set_fields={"decided_by": actor},
    )

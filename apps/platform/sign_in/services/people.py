"""Invite, deactivate, roles: what the users and parties desk does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import pghistory
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from apps.platform.accounts.codes import (
    ADMINS,
    APPROVERS,
    DECIDING,
    ISO_ROLES,
    SC_ROLES,
    SERVICE_ACCOUNTS,
    PartyKind,
    Role,
)
from apps.platform.accounts.models import Membership, Party, User
from apps.platform.accounts.selectors import system_user
from apps.platform.accounts.services import RoleRefused, user_ensure
from apps.platform.audit.services import log_event
from apps.platform.core.unseen import seen_text
from apps.platform.notifications.services import tell
from apps.platform.sign_in.models import RoleRequest
from apps.platform.sign_in.selectors import may_manage, sessions_of
from apps.platform.sign_in.services.certificates import CertificateRefused, no_machine_approves
from apps.platform.sign_in.services.mailing import LinkMail, invitation_link, send_link
from apps.platform.sign_in.services.roles import RolesWait, role_titles, roles_ask, tell_approvers
from apps.platform.sign_in.services.tokens import tokens_end


class PersonRefused(ValueError):
    """A change of a person or party cannot be made; the message says why."""


def _admit(actor: User, party: Party | None) -> None:
    if party is None or not may_manage(actor.viewer(), party.pk):
        raise PersonRefused("You may manage the users of your own organisation only.")


def renew_link(*, user: User, actor: User, at: datetime, root: str) -> LinkMail:
    """Send somebody a new password link; return whether the mail went, and where.

    It is on record and that person is told. The person's API tokens are revoked, as whoever had
    the account before may have made some. Of somebody who may approve, all sessions end and the
    other approvers are told.
    """
    _admit(actor, user.party)
    _has_address(user.username, user.email)
    _note_link(user, actor, at)
    return send_link(
        user=user,
        link=invitation_link(user=user, root=root),
        actor=actor,
        at=at,
        why=f"{actor.username} sends you a link to set the password of {user.username} at rmrcpm.",
    )


def link_for_operator(*, user: User, at: datetime, root: str) -> str:
    """Return a new password link for who runs the site's machine to hand on; all is on record.

    The person and those who may approve are told, as of a link that an administrator sends.
    """
    _note_link(user, system_user(), at)
    return invitation_link(user=user, root=root)


@transaction.atomic
def _note_link(user: User, actor: User, at: datetime) -> None:
    if user.pk == actor.pk:
        raise PersonRefused("Change your own password under your name.")
    if not user.is_active or user.party is None:
        raise PersonRefused(f"{user.username} is not active; let them sign in again first.")
    if user.username in SERVICE_ACCOUNTS:
        raise PersonRefused(f"{user.username} acts for the product; nobody signs in with it.")
    log_event(
        action="sign_in.person.link_made",
        sentence=f"{actor.username} made a password link for {user.username}",
        actor=actor,
        at=at,
        subject=user,
    )
    ended = tokens_end(user=user, actor=actor, at=at)
    tell(
        [user],
        topic="access-changed",
        title="A password link was made for you",
        at=at,
        body=f"By {actor.username}. If you did not ask for it, speak to them."
        + (" Your API tokens are revoked; make new ones." if ended else ""),
    )
    if user.viewer().may(APPROVERS):
        _end_sessions(user)
        tell_approvers(
            f"A password link was made for {user.username}, who may approve", user, actor, at
        )


def _end_sessions(user: User) -> None:
    keys = [s.session_key for s in sessions_of(user)]
    Session.objects.filter(session_key__in=keys).delete()


def _has_address(username: str, email: str) -> None:
    """Refuse a link that cannot be sent; without a mail server it lies in a folder instead."""
    if not email and settings.EMAIL_HOST:
        raise PersonRefused(
            f"{username} has no e-mail address, and a password link goes by mail only."
        )


def invite(
    *,
    username: str,
    first_name: str,
    email: str,
    party: Party,
    roles: Iterable[str],
    actor: User,
    at: datetime,
    root: str,
    made: Callable[[User], object] | None = None,
) -> tuple[User, LinkMail]:
    """Make a person with roles at a party and send the link to choose a password.

    ``made`` is called in the transaction that makes the person, before the mail is sent.

    Roles that decide are asked for, and given by a second person (``role_grant``). Returns the
    person and whether the mail went, and where. Raises PersonRefused where the name is taken, no
    role is given, a role does not fit the party, or there is no address to send to.
    """
    with transaction.atomic():
        user = _make(username, first_name, email, party, sorted(set(map(str, roles))), actor, at)
        if made is not None:
            made(user)
    return user, send_link(
        user=user,
        link=invitation_link(user=user, root=root),
        actor=actor,
        at=at,
        why=f"{actor.username} invites you to rmrcpm as {username}.",
    )


def _make(
    username: str,
    first_name: str,
    email: str,
    party: Party,
    wanted: list[str],
    actor: User,
    at: datetime,
) -> User:
    _admit(actor, party)
    _fits(party, set(wanted))
    if not wanted:
        raise PersonRefused("Choose at least one role; without one nothing can be seen.")
    if User.objects.filter(username__iexact=username).exists():
        raise PersonRefused(f"The user name {username!r} is taken; choose another.")
    _has_address(username, email)
    try:
        with pghistory.context(user=actor.pk), transaction.atomic():
            user = user_ensure(
                username=username,
                password=None,
                party=party,
                roles=set(wanted) - DECIDING,
                first_name=first_name,
            )
            user.email = email
            user.save(update_fields=["email"])
    except (RoleRefused, IntegrityError) as trouble:
        raise PersonRefused(str(trouble)) from trouble
    log_event(
        action="sign_in.person.invited",
        sentence=f"{username} is invited to {party.code} as {role_titles(wanted)}",
        actor=actor,
        at=at,
        subject=user,
    )
    roles_ask(user=user, roles=wanted, actor=actor, at=at)
    return user


def _fits(party: Party | None, wanted: set[str]) -> None:
    iso = party is not None and party.kind == PartyKind.ISO
    strange = wanted - {r.value for r in (ISO_ROLES if iso else SC_ROLES)}
    if strange:
        raise PersonRefused(f"{role_titles(sorted(strange))} cannot be held there.")


@transaction.atomic
def set_roles(*, user: User, roles: Iterable[str], actor: User, at: datetime) -> RoleRequest | None:
    """Let a person hold these roles from now on; return the request for those that decide.

    Such roles are asked for here and given by a second person; others hold at once, and what is
    taken away ends at once. Nobody changes their own roles, and the last active ISO administrator
    stays one.
    """
    _admit(actor, user.party)
    wanted = {str(r) for r in roles}
    if user.pk == actor.pk:
        raise PersonRefused("You cannot change your own roles; ask another administrator.")
    _fits(user.party, wanted)
    held = set(user.memberships.values_list("role", flat=True))
    if Role.ISO_ADMIN in held - wanted:
        _another_admin(user)
    new = wanted - held
    try:
        no_machine_approves(user=user, roles=new, at=at)
        asked = roles_ask(user=user, roles=new, actor=actor, at=at)
    except (CertificateRefused, RolesWait) as trouble:
        raise PersonRefused(str(trouble)) from trouble
    at_once, now_held = new - DECIDING, (held & wanted) | (new - DECIDING)
    with pghistory.context(user=actor.pk):
        Membership.objects.filter(user=user, role__in=held - wanted).delete()
        for role in sorted(at_once):
            Membership.objects.create(user=user, role=role)
    if now_held != held:
        log_event(
            action="sign_in.person.roles_set" if at_once else "sign_in.person.roles_taken",
            sentence=f"{user.username}: roles were {role_titles(sorted(held))}, "
            f"are {role_titles(sorted(now_held))}",
            actor=actor,
            at=at,
            subject=user,
        )
        tell(
            [user],
            topic="access-changed",
            title=f"Your roles: {role_titles(sorted(now_held))}",
            at=at,
            body=f"Changed by {actor.username}.",
        )
    return asked


def _another_admin(user: User) -> None:
    others = User.objects.select_for_update().filter(
        is_active=True, memberships__role=Role.ISO_ADMIN, party__kind=PartyKind.ISO
    )
    if not others.exclude(pk=user.pk).exists():
        raise PersonRefused(f"{user.username} is the last ISO administrator; appoint one first.")


@transaction.atomic
def deactivate(*, user: User, actor: User, at: datetime, reason: str) -> User:
    """Let a person sign in no more: sessions end and tokens are revoked at once."""
    _admit(actor, user.party)
    if user.pk == actor.pk:
        raise PersonRefused("You cannot deactivate yourself; ask another administrator.")
    if not seen_text(reason):
        raise PersonRefused("Say why; the reason is kept.")
    if user.memberships.filter(role=Role.ISO_ADMIN).exists():
        _another_admin(user)
    with pghistory.context(user=actor.pk):
        user.is_active = False
        user.save(update_fields=["is_active"])
    tokens_end(user=user, actor=actor, at=at)
    _end_sessions(user)
    log_event(
        action="sign_in.person.deactivated",
        sentence=f"{user.username} is deactivated: {seen_text(reason)[:300]}",
        actor=actor,
        at=at,
        subject=user,
    )
    return user


@transaction.atomic
def activate(*, user: User, actor: User, at: datetime) -> User:
    """Let a deactivated person sign in again; tokens stay revoked.

    The roles held before count again, but those that decide are asked for anew and given by a
    second person, as somebody new would get them.
    """
    _admit(actor, user.party)
    if user.is_active:
        return user
    before = DECIDING & set(user.memberships.values_list("role", flat=True))
    with pghistory.context(user=actor.pk):
        user.is_active = True
        user.save(update_fields=["is_active"])
        Membership.objects.filter(user=user, role__in=before).delete()
    log_event(
        action="sign_in.person.activated",
        sentence=f"{user.username} is active again",
        actor=actor,
        at=at,
        subject=user,
    )
    try:
        roles_ask(user=user, roles=before, actor=actor, at=at)
    except RolesWait as trouble:
        raise PersonRefused(str(trouble)) from trouble
    return user


@transaction.atomic
def party_change(
    *, party: Party | None, code: str, name: str, is_active: bool, actor: User, at: datetime
) -> Party:
    """Make a scheduling coordinator, rename it, or end or restore its access."""
    if not actor.viewer().may(ADMINS):
        raise PersonRefused("Only an ISO administrator changes organisations.")
    if not name.strip() or not code.strip():
        raise PersonRefused("An organisation has an SC ID and a name.")
    taken = Party.objects.filter(code__iexact=code.strip())
    if taken.exclude(pk=party.pk if party else 0).exists():
        raise PersonRefused(f"The SC ID {code.strip()} is taken.")
    if party is not None and party.kind == PartyKind.ISO and not is_active:
        raise PersonRefused("The ISO itself cannot be deactivated.")
    with pghistory.context(user=actor.pk):
        made = party is None
        party = party or Party(code=code.strip(), kind=PartyKind.SC.value)
        party.name, party.is_active = name.strip(), is_active
        party.save()
    log_event(
        action=f"sign_in.party.{'made' if made else 'changed'}",
        sentence=f"{party.code}: {party.name}, {'active' if is_active else 'not active'}",
        actor=actor,
        at=at,
        subject=party,
    )
    return party

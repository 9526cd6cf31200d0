"""Reads of tokens, sessions and certificates, each for one viewer."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.urls import reverse

from apps.platform.accounts.codes import ADMINS, APPROVERS, PEOPLE_MANAGERS, Role
from apps.platform.accounts.models import User
from apps.platform.accounts.rules import Viewer
from apps.platform.audit.codes import Tie
from apps.platform.audit.selectors import independent_after
from apps.platform.notifications.hooks import Deadline
from apps.platform.sign_in.models import ApiToken, PartyCertificate, RoleRequest


def may_manage(viewer: Viewer, party_id: int) -> bool:
    """Whether a viewer manages a party's people: ISO administrators all, SC ones their own."""
    if viewer.may(ADMINS):
        return True
    return viewer.may(frozenset({Role.SC_ADMIN})) and viewer.party_id == party_id


def tokens(*, viewer: Viewer) -> QuerySet[ApiToken]:
    """Return a person's own tokens; those of the people they manage for administrators."""
    rows = ApiToken.objects.select_related("user")
    if viewer.may(ADMINS):
        return rows
    if viewer.may(frozenset({Role.SC_ADMIN})):
        return rows.filter(user__party_id=viewer.party_id or 0)
    return rows.filter(user_id=viewer.user_id) if viewer.user_id else rows.none()


def certificates(*, viewer: Viewer) -> QuerySet[PartyCertificate]:
    """Return certificates: all for the ISO's administrators, its own for an SC."""
    rows = PartyCertificate.objects.select_related("party", "user")
    if viewer.may(ADMINS):
        return rows
    return rows.filter(party_id=viewer.party_id or 0) if viewer.is_sc else rows.none()


def live_tokens(*, user_id: int | None, at: datetime) -> QuerySet[ApiToken]:
    """Return a person's tokens that work at a moment."""
    return ApiToken.objects.filter(user_id=user_id or 0, revoked_at=None, expires_at__gt=at)


def role_requests(*, viewer: Viewer) -> QuerySet[RoleRequest]:
    """Return requests for roles that decide, for those who may decide about them."""
    rows = RoleRequest.objects.select_related("user__party", "opened_by", "decided_by")
    return rows if viewer.may(APPROVERS) else rows.none()


def role_waiting(user: User) -> RoleRequest | None:
    """Return the request for roles of a person that waits to be decided."""
    return RoleRequest.objects.filter(user=user, state="ASKED").first()


def certificates_acting_as(user: User, at: datetime) -> QuerySet[PartyCertificate]:
    """Return the certificates with which a machine may act as a person at a moment, or later."""
    return PartyCertificate.objects.filter(user=user, revoked_at=None, not_after__gt=at)


def ties_of_certificates(at: datetime) -> list[Tie]:
    """Return the ties of machine certificates that count at a moment.

    Who registers a certificate, or has it issued, decides in whose hands its key is, and could act
    as its person: while it is valid and for some time after.
    """
    lasts = independent_after(at=at)
    least = at - lasts
    rows = PartyCertificate.objects.filter(not_after__gte=least).exclude(revoked_at__lt=least)
    return [
        Tie(
            c.registered_by_id,
            c.user_id,
            c.registered_at,
            min(c.not_after, c.revoked_at or c.not_after) + lasts,
        )
        for c in rows
        if c.registered_by_id != c.user_id
    ]


def expiries(viewer: Viewer, since: datetime, until: datetime) -> list[Deadline]:
    """Return when a viewer's tokens and the certificates it manages expire."""
    window = (since, until)
    found = [
        Deadline(
            f"token-{t.pk}",
            t.expires_at,
            f"API token {t.name} expires",
            reverse("own-tokens"),
            "Make another before programs that use it stop.",
        )
        for t in ApiToken.objects.filter(
            user_id=viewer.user_id or 0, revoked_at=None, expires_at__range=window
        )
    ]
    if viewer.may(PEOPLE_MANAGERS):
        rows = certificates(viewer=viewer).filter(revoked_at=None, not_after__range=window)
        found += [
            Deadline(
                f"certificate-{c.pk}",
                c.not_after,
                f"Machine certificate of {c.party.code} expires",
                reverse("party", args=[c.party_id]),
                f"It acts as {c.user.username}; issue another in time.",
            )
            for c in rows
        ]
    return found


def sessions_of(user: User) -> QuerySet[UserSession]:
    """Return the sessions a person is signed in with."""
    found: QuerySet[UserSession] = UserSession.objects.filter(user=user)
    return found.order_by("-last_seen_at")


def has_second_factor(user: User) -> bool:
    """Whether a person has set up an authenticator app or a passkey."""
    return bool(
        Authenticator.objects.filter(user=user)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .exists()
    )

"""Reads of parties and users, each for one viewer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from apps.platform.accounts.codes import PartyKind
from apps.platform.accounts.models import Party, User
from apps.platform.accounts.rules import NOBODY, Viewer

SYSTEM_USERNAME = "system"


def viewer_of(user: Any) -> Viewer:
    """Return the viewer of a request's user; the public for somebody not signed in.

    Roles are read once for a request: they hold for the user object that the request carries.
    """
    if not getattr(user, "is_authenticated", False):
        return NOBODY
    user = getattr(user, "_wrapped", user)  # the session's user is a lazy wrapper
    found: Viewer = user.__dict__.get("_viewer") or user.viewer()
    user.__dict__["_viewer"] = found
    return found


def parties(*, viewer: Viewer) -> QuerySet[Party]:
    """Return the parties a viewer may see: all for the ISO, its own for an SC."""
    if viewer.is_iso:
        return Party.objects.all()
    if viewer.is_sc and viewer.party_id is not None:
        return Party.objects.filter(pk=viewer.party_id)
    return Party.objects.none()


def users(*, viewer: Viewer) -> QuerySet[User]:
    """Return the users of the parties a viewer may see."""
    return User.objects.filter(party__in=parties(viewer=viewer)).select_related("party")


def sc_ids(*, codes: set[str] | None = None) -> dict[str, int]:
    """Return the keys of active scheduling coordinators by SC ID, for checks of input."""
    found = Party.objects.filter(kind=PartyKind.SC, is_active=True)
    if codes is not None:
        found = found.filter(code__in=codes)
    return dict(found.values_list("code", "pk"))


class UnknownUser(LookupError):
    """There is no user of that name."""


def sc_codes() -> dict[int, str]:
    """Return the code of every SC by its key."""
    return {key: code for code, key in sc_ids().items()}


def user_named(username: str) -> User:
    """Return the user a command line names; raises UnknownUser with a sentence."""
    user = User.objects.filter(username=username).select_related("party").first()
    if user is None:
        raise UnknownUser(f"There is no user {username!r}; name one with --as USERNAME.")
    return user


def system_user() -> User:
    """Return the account in whose name scheduled work is done (made by the first migration)."""
    return User.objects.get(username=SYSTEM_USERNAME)


def everybody_of(kind: str) -> list[User]:
    """Return the active people of every party of a kind, for notices to all of them."""
    found = User.objects.filter(is_active=True, party__kind=kind, party__is_active=True)
    return list(found.order_by("username"))

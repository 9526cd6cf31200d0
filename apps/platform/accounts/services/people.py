"""Changes of parties, users and roles."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.platform.accounts.codes import DECIDING, ISO_ROLES, SC_ROLES, PartyKind
from apps.platform.accounts.models import Membership, Party, User


class RoleRefused(ValueError):
    """A role does not fit the party of the user."""


def party_ensure(
    *, code: str, name: str, kind: PartyKind = PartyKind.SC, is_synthetic: bool = False
) -> Party:
    """Return the party with a code, made where it is missing."""
    party, _ = Party.objects.get_or_create(
        code=code, defaults={"name": name, "kind": kind.value, "is_synthetic": is_synthetic}
    )
    return party


@transaction.atomic
def user_ensure(
    *,
    username: str,
    password: str | None,
    party: Party,
    roles: Iterable[str],
    first_name: str = "",
    last_name: str = "",
    password_hash: str = "",
    set_up: bool = False,
) -> User:
    """Return the user with a name and these roles, made where missing; passwords are set once.

    ``password`` None: nobody signs in with one. ``password_hash`` stands for a password hashed
    before. ``set_up``: the site is being set up on its own machine; otherwise nobody gets a role
    that decides here, as two people give it (``sign_in.services.role_grant``). Raises RoleRefused
    for such a role, and where a role does not fit the party's kind.
    """
    wanted = set(roles)
    allowed = ISO_ROLES if party.kind == PartyKind.ISO else SC_ROLES
    if wanted - {r.value for r in allowed}:
        raise RoleRefused(
            f"{', '.join(sorted(wanted - {r.value for r in allowed}))} cannot be held at "
            f"{party.code}, which is of kind {party.kind}."
        )
    user, made = User.objects.get_or_create(
        username=username,
        defaults={"party": party, "first_name": first_name, "last_name": last_name},
    )
    if made:
        user.password = password_hash or make_password(password)
        user.save(update_fields=["password"])
    missing = sorted(wanted - set(user.memberships.values_list("role", flat=True)))
    if not set_up and DECIDING & set(missing):
        raise RoleRefused(
            f"{', '.join(sorted(DECIDING & set(missing)))} decides as a second person, so two "
            "people give it: ask for it on the person's page, and let somebody else approve."
        )
    for role in missing:
        Membership.objects.create(user=user, role=role, set_up=set_up and role in DECIDING)
    return user

"""Parties (the ISO and scheduling coordinators), their users, and the roles users hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models

from apps.platform.accounts.codes import DECIDING, ROLE_TITLES, PartyKind, Role
from apps.platform.accounts.rules import Viewer

M = TypeVar("M", bound=type[models.Model])


def tracked(model: M, *, exclude: list[str] | None = None) -> M:
    """Keep the history of a row: every version of every row, by statement triggers."""
    track: Callable[[M], M] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=exclude,
        level=pghistory.Statement,
    )
    return track(model)


@tracked
class Party(models.Model):
    """An organisation that signs in: the ISO, or a scheduling coordinator (SC)."""

    code = models.CharField("SC ID", max_length=30, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=3, choices=[(k.value, k.value) for k in PartyKind])
    is_active = models.BooleanField("active", default=True)
    is_synthetic = models.BooleanField(
        "synthetic", default=False, help_text="Invented for the demo; no real organisation."
    )

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind=PartyKind.ISO.value),
                name="there_is_one_iso",
            )
        ]

    def __str__(self) -> str:
        return self.code


@partial(tracked, exclude=["password", "last_login"])
class User(AbstractUser):
    """A person, or the system itself, acting for one party."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="users")

    def viewer(self) -> Viewer:
        """Return on whose behalf this user reads and what roles count."""
        if not self.is_active or self.party is None or not self.party.is_active:
            return Viewer(user_id=self.pk)
        return Viewer(
            user_id=self.pk,
            party_id=self.party_id,
            party_kind=self.party.kind,
            held=frozenset(self.memberships.values_list("role", flat=True)),
        )


@tracked
class Membership(models.Model):
    """One role of one user. A role that decides names the two people who gave it.

    ``set_up``: given by who runs the site's machine while there were not two people to give it,
    or by an earlier release.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, ROLE_TITLES[r]) for r in Role])
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    set_up = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="two_others_give_a_role_that_decides",
                condition=~models.Q(role__in=sorted(r.value for r in DECIDING))
                | models.Q(set_up=True)
                | (
                    models.Q(proposed_by__isnull=False, approved_by__isnull=False)
                    & ~models.Q(proposed_by=models.F("approved_by"))
                    & ~models.Q(user=models.F("proposed_by"))
                    & ~models.Q(user=models.F("approved_by"))
                ),
            ),
            models.UniqueConstraint(fields=["user", "role"], name="a_user_holds_a_role_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in Role]), name="a_role_is_a_known_role"
            ),
        ]

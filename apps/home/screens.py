"""Lists that stand on floors too low to show themselves: parties, users, the log."""

from __future__ import annotations

from apps.accounts import selectors as account_selectors
from apps.accounts.models import Party, User
from apps.accounts.terms import ISO_ROLES, Role
from apps.audit import selectors as audit_selectors
from apps.audit.models import AuditEvent
from apps.ui.screens import Column, Screen, register
from apps.ui.terms import add_to_menu

PARTIES = Screen(
    name="parties",
    title="Scheduling coordinators",
    model=Party,
    select=account_selectors.parties,
    columns=("code", "name", "kind", "is_active", "is_synthetic"),
    filters=("kind", "is_active"),
    search=("code", "name"),
    order=("code",),
    roles=ISO_ROLES,
    group="control",
)
USERS = Screen(
    name="users",
    title="Users",
    model=User,
    select=account_selectors.users,
    columns=(
        "username",
        "first_name",
        Column("party__code", "Party"),
        "is_active",
        "last_login",
        "date_joined",
    ),
    filters=("party__code", "is_active"),
    search=("username", "first_name"),
    order=("username",),
    roles=frozenset({Role.ISO_ADMIN}),
    group="control",
)
EVENTS = Screen(
    name="events",
    title="Audit log",
    model=AuditEvent,
    select=audit_selectors.events,
    columns=(
        "at",
        Column("actor__username", "Who"),
        "action",
        "sentence",
        Column("subject", shown=False),
        Column("subject_id", "Subject no.", shown=False),
    ),
    filters=("at", "action", "actor__username", "subject"),
    search=("action", "sentence", "actor__username"),
    order=("-at", "-id"),
    roles=ISO_ROLES,
    group="control",
    intro="Everything anybody did. Those who audit see all of it, everybody else their own part.",
)
register(PARTIES, USERS, EVENTS)
add_to_menu(group="Today", label="Home", address="/", order=1)
add_to_menu(
    group="Control", label="Scheduling coordinators", address="/parties/", roles=ISO_ROLES, order=60
)
add_to_menu(
    group="Control", label="Users", address="/users/", roles=frozenset({Role.ISO_ADMIN}), order=61
)
add_to_menu(group="Control", label="Audit log", address="/events/", roles=ISO_ROLES, order=70)

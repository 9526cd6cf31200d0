"""The list of a floor too low to show itself: the log."""

from __future__ import annotations

from apps.platform.accounts.codes import AUDIT_READERS, ISO_ROLES
from apps.platform.audit import selectors as audit_selectors
from apps.platform.audit.models import AuditEvent, ReadEvent
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen

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
        Column("request_id", shown=False),
    ),
    filters=("at", "action", "actor__username", "subject", "request_id"),
    search=("action", "sentence", "actor__username", "request_id"),
    order=("-at", "-id"),
    roles=ISO_ROLES,
    group="control",
    intro="Everything anybody did. Those who audit see all of it, everybody else their own part.",
)
READS = Screen(
    name="reads",
    title="Reads of party data",
    model=ReadEvent,
    select=audit_selectors.reads,
    columns=(
        "at",
        Column("actor__username", "Who"),
        "what",
        Column("party__code", "Party"),
        Column("address", shown=False),
    ),
    filters=("at", "actor__username", "party__code", "what"),
    search=("what", "actor__username", "party__code", "address"),
    order=("-at", "-id"),
    roles=AUDIT_READERS,
    group="control",
    intro="When the ISO's people looked at rows of scheduling coordinators. A coordinator's look "
    "at its own rows is not noted.",
)
SCREENS.register(EVENTS, READS)
MENU.register(MenuItem(group="Today", label="Home", name="home", order=1))
MENU.register(
    MenuItem(
        group="Control", label="Reads of party data", name="reads", roles=AUDIT_READERS, order=71
    )
)
MENU.register(
    MenuItem(group="Control", label="Audit log", name="events", roles=ISO_ROLES, order=70)
)

"""The inbox."""

from __future__ import annotations

from django.urls import reverse

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.notifications import selectors
from apps.platform.notifications.models import Notification
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to

TOOLS = [("Notification settings", "notice-preferences"), ("Deadlines", "deadlines")]
NOTICES = Screen(
    name="notices",
    title="Inbox",
    model=Notification,
    select=selectors.notices,
    columns=(
        "at",
        Column("title", link=link_to("notice", "pk")),
        "body",
        "topic",
        "read_at",
    ),
    filters=("topic", "at"),
    search=("title", "body"),
    order=("-at", "-pk"),
    roles=SIGNED_IN,
    group="today",
    intro="What happened that concerns you.",
    empty="Nothing yet. Files to confirm, runs to publish and new statements appear here.",
    tools=lambda viewer: [(label, reverse(name)) for label, name in TOOLS],
)
SCREENS.register(NOTICES)
MENU.register(MenuItem(group="Today", label="Inbox", name="notices", roles=SIGNED_IN, order=2))
MENU.register(
    MenuItem(group="Today", label="Deadlines", name="deadlines", roles=SIGNED_IN, order=3)
)

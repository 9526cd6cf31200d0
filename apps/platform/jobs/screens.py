"""The list of jobs."""

from __future__ import annotations

from django.urls import reverse

from apps.platform.accounts.codes import ISO_ROLES, SIGNED_IN
from apps.platform.jobs import selectors
from apps.platform.jobs.models import Job
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to

JOBS = Screen(
    name="jobs",
    title="Jobs",
    model=Job,
    select=selectors.jobs,
    columns=(
        Column("id", "No.", link=link_to("job", "pk")),
        Column("title", link=link_to("job", "pk")),
        "kind",
        "state",
        Column("done", shown=False),
        Column("total", shown=False),
        Column("actor__username", "For"),
        "queued_at",
        "started_at",
        "ended_at",
        "attempts",
        "error",
        Column("request_id", shown=False),
    ),
    filters=("kind", "state", "actor__username", "queued_at", "request_id"),
    search=("title", "error", "request_id"),
    order=("-id",),
    roles=SIGNED_IN,
    group="control",
    intro="Work that goes on in the background: reading files, computing runs, large exports.",
    tools=lambda viewer: [("Workers and schedule", reverse("system"))] if viewer.is_iso else [],
    empty="No background work yet.",
)
SCREENS.register(JOBS)
MENU.register(MenuItem(group="Control", label="Jobs", name="jobs", roles=SIGNED_IN, order=50))
MENU.register(
    MenuItem(
        group="Control", label="Workers and schedule", name="system", roles=ISO_ROLES, order=51
    )
)

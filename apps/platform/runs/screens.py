"""The list of runs."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from apps.platform.accounts.codes import ANALYSTS, APPROVERS, ISO_ROLES
from apps.platform.accounts.models import User
from apps.platform.accounts.rules import Viewer
from apps.platform.runs import selectors
from apps.platform.runs.hooks import RUN_KINDS, kind_title
from apps.platform.runs.models import Run
from apps.platform.runs.services import publish
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, BulkAction, Column, Screen, link_to


def _publish(key: str, actor: User, at: datetime, reason: str) -> None:
    publish(run_id=int(key), actor=actor, at=at, note=reason)


def _waits(viewer: Viewer) -> Q:
    """Return the runs a viewer may publish, and failed ones that nothing came after.

    A run that no person publishes is complete once it is sealed, and waits for nobody; an earlier
    version than the newest is not published any more.
    """
    day = Run.objects.filter(kind=OuterRef("kind"), trade_date=OuterRef("trade_date"))
    found = Q(pk__in=[])
    if viewer.may(APPROVERS):
        by_hand = [kind.code for kind in RUN_KINDS if kind.by_hand]
        newer = day.filter(version__gt=OuterRef("version"))
        mine = Q(opened_by_id=viewer.user_id)
        found |= Q(state="SEALED", kind__in=by_hand) & ~mine & ~Q(Exists(newer))
    if viewer.may(ANALYSTS):
        found |= Q(state="FAILED") & ~Q(Exists(day.filter(pk__gt=OuterRef("pk"))))
    return found


RUNS = Screen(
    name="runs",
    title="Runs",
    model=Run,
    select=selectors.runs,
    columns=(
        Column("id", "No.", link=link_to("run", "pk")),
        Column("trade_date", link=link_to("run", "pk")),
        Column("kind", text=lambda row: kind_title(row["kind"]), breaks=True),
        "version",
        "run_type",
        "state",
        "reason",
        Column("opened_by__username", "Requested by"),
        Column("opened_at", "Requested", shown=False),
        Column("sealed_at", "Completed"),
        Column("published_at", "Published"),
        Column("published_by__username", "Published by", shown=False),
        Column("known_at", shown=False),
        Column("result_hash", shown=False),
        Column("input_hash", shown=False),
        Column("code_version", shown=False),
        Column("error", shown=False),
    ),
    filters=("trade_date", "state", "kind", "run_type"),
    search=("reason", "error"),
    order=("-trade_date", "-id"),
    roles=ISO_ROLES,
    group="settlement",
    intro="Each calculation of a trade date, from what was known when it was requested. A complete "
    "run never changes; what changes later makes a new version.",
    waits=_waits,
    actions=(BulkAction("publish", "Publish", APPROVERS, _publish, typed=True),),
    empty="No run yet. Load metered demand and contract terms, then settle a trade date.",
)
SCREENS.register(RUNS)
MENU.register(MenuItem(group="Settlement", label="Runs", name="runs", roles=ISO_ROLES, order=20))
MENU.register(
    MenuItem(
        group="Settlement",
        label="Publication audit trail",
        name="publications",
        roles=ISO_ROLES,
        order=53,
    )
)

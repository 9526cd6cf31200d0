"""The desk of late corrections: from what was approved to the runs, invoices and increments."""

from __future__ import annotations

from functools import partial
from typing import Any

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.audit.services import plain_move
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, Transition, Workflow
from apps.settlement.settlements import selectors, services
from apps.settlement.settlements.codes import LATE_SOURCES
from apps.settlement.settlements.hooks import LATE_PANELS
from apps.settlement.settlements.models import LateCorrection


def _panels(case: LateCorrection, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("settlements/late_days.html", {"days": services.runs_since(case)}),
        *(panel for panels in LATE_PANELS for panel in panels(case, viewer)),
    ]


LATE = Workflow(
    name="late-corrections",
    noun="late correction",
    model=LateCorrection,
    select=selectors.late_corrections,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.title}, {c.first_date} to {c.last_date}",
    facts=lambda c, viewer: [
        CaseFact("Approved", c.title, address=c.address),
        CaseFact("What it is", LATE_SOURCES[c.source]),
        CaseFact("Resource", c.resource.code),
        CaseFact("Approved by", c.opened_by.username),
        CaseFact("Trade dates past their last disputable run", len(c.late)),
        CaseFact("Trade dates the calendar corrects", len(c.ahead)),
    ],
    steps={
        "ask_again": Transition(services.ask_again),
        "dismiss": Transition(
            partial(plain_move, model=LateCorrection, action="dismiss"), note_needed=True
        ),
    },
    panels=_panels,
    implements=("BRQ-1320", "BRQ-1275"),
)
WORKFLOWS.register(LATE)
LATE_LIST = Screen(
    name="late-corrections",
    title="Late corrections",
    model=LateCorrection,
    select=selectors.late_corrections,
    columns=(
        Column("id", "No.", link=link_to("late-corrections-case", "pk")),
        Column("title", "Approved", link=link_to("late-corrections-case", "pk")),
        Column("resource__code", "Resource ID"),
        "source",
        "first_date",
        "last_date",
        "state",
        Column("opened_at", "Approved at"),
    ),
    filters=("state", "source", "resource__code", "first_date"),
    search=("title", "resource__code"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="settlement",
    intro="Prices and costs approved after the last disputable run of a trade date. Each asks for "
    "optional runs, which are invoiced alone and bill the change.",
    empty="Nothing was approved late.",
    implements=("BRQ-1320", "BRQ-1275"),
)
SCREENS.register(LATE_LIST)
MENU.register(
    MenuItem(
        group="Settlement",
        label="Late corrections",
        name="late-corrections",
        roles=ISO_ROLES,
        order=19,
    )
)

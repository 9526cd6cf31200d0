"""The desk and the list of what-ifs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.audit.services import plain_move
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import WORKFLOWS, CaseFact, CreateForm, Transition, Workflow
from apps.settlement.what_if import forms, selectors, services
from apps.settlement.what_if.codes import TRIERS
from apps.settlement.what_if.models import WhatIf


def _try(*, actor: Any, at: Any, **given: Any) -> WhatIf:
    return services.try_out(given=services.TrialInput(**given), actor=actor, at=at)


def _panels(what_if: WhatIf, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    found = what_if.outcome
    return [
        (
            "what_if/outcome.html",
            {
                "by_sc": services.in_dollars(found["by_sc"]),
                "by_charge": services.in_dollars(found["by_charge"]),
                "lines": services.in_dollars(found["lines"]),
                "moved": found["moved"],
                "same": found["same"],
                "checks": found["checks"],
            },
        )
    ]


TRIALS = Workflow(
    name="what-ifs",
    noun="what-if",
    model=WhatIf,
    select=selectors.what_ifs,
    roles=ISO_ROLES,
    heading=lambda t: f"What if: {t.title}",
    facts=lambda t, viewer: [
        CaseFact("Run", str(t.base), address=reverse("run", args=[t.base_id])),
        CaseFact("Trade date", t.trade_date),
        CaseFact("Changes", t.changes),
        CaseFact("Lines that move", t.outcome["moved"]),
    ],
    steps={"discard": Transition(partial(plain_move, model=WhatIf, action="discard"))},
    opening=CreateForm(
        title="What if",
        button="Run scenario",
        form=forms.WhatIfForm,
        perform=_try,
        roles=TRIERS,
        intro="The run's day is calculated with your changes. A what-if is no result: it has no "
        "version, is never published, and no statement comes of it.",
        prefill=lambda viewer, query: {k: v for k, v in query.items() if k == "base"},
        example={
            "base": "2024-09-04",
            "title": "Price after the filing",
            "changes": "price RMR-SUNSET = 311.25",
        },
    ),
    panels=_panels,
    implements=("BRQ-1201",),
)
WORKFLOWS.register(TRIALS)
TRIAL_LIST = Screen(
    name="what-ifs",
    title="What if",
    model=WhatIf,
    select=selectors.what_ifs,
    columns=(
        Column("id", "No.", link=link_to("what-ifs-case", "pk")),
        "trade_date",
        Column("title", "What if", link=link_to("what-ifs-case", "pk")),
        Column("base__version", "Version"),
        "state",
        Column("opened_by__username", "By"),
        Column("opened_at", "Made"),
        Column("changes", shown=False),
    ),
    filters=("trade_date", "state"),
    search=("title", "changes"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="settlement",
    tools=lambda viewer: [("Try something", reverse("what-ifs-new"))] if viewer.may(TRIERS) else [],
    intro="Settled days calculated with something changed. They are never results.",
    empty="No what-if yet. Try what a price, a megawatt, demand or a parameter would change.",
    implements=("BRQ-1201",),
)
SCREENS.register(TRIAL_LIST)
MENU.register(
    MenuItem(group="Settlement", label="What if", name="what-ifs", roles=ISO_ROLES, order=54)
)

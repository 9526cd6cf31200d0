"""The desk and the list of trials."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.terms import ISO_ROLES
from apps.platform.audit.services import plain_move
from apps.platform.ui.casework import DESKS, CaseDesk, Opening, Shown, Step
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.settlement.trials import forms, selectors, services
from apps.settlement.trials.models import Trial
from apps.settlement.trials.terms import TRIERS


def _try(*, actor: Any, at: Any, **wish: Any) -> Trial:
    return services.try_out(wish=services.TrialWish(**wish), actor=actor, at=at)


def _panels(trial: Trial, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    found = trial.outcome
    return [
        (
            "trials/outcome.html",
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


TRIALS = CaseDesk(
    name="trials",
    noun="trial",
    model=Trial,
    select=selectors.trials,
    roles=ISO_ROLES,
    heading=lambda t: f"What if: {t.title}",
    facts=lambda t, viewer: [
        Shown("Run", str(t.base), address=reverse("run", args=[t.base_id])),
        Shown("Trade date", t.trade_date),
        Shown("Changes", t.changes),
        Shown("Lines that move", t.outcome["moved"]),
    ],
    steps={"discard": Step(partial(plain_move, model=Trial, action="discard"))},
    opening=Opening(
        title="What if",
        button="Try it",
        form=forms.TrialForm,
        perform=_try,
        roles=TRIERS,
        intro="The run's day is calculated with your changes. A trial is no result: it has no "
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
DESKS.register(TRIALS)
TRIAL_LIST = Screen(
    name="trials",
    title="Trials",
    model=Trial,
    select=selectors.trials,
    columns=(
        Column("id", "No.", link=link_to("trials-case", "pk")),
        "trade_date",
        Column("title", "What if", link=link_to("trials-case", "pk")),
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
    tools=lambda viewer: [("Try something", reverse("trials-new"))] if viewer.may(TRIERS) else [],
    intro="Settled days calculated with something changed. Trials are never results.",
    empty="No trial yet. Try what a price, a megawatt, demand or a parameter would change.",
    implements=("BRQ-1201",),
)
SCREENS.register(TRIAL_LIST)
MENU.register(
    MenuItem(group="Settlement", label="What if", name="trials", roles=ISO_ROLES, order=54)
)

"""The desk of endings: a designation lapses or ends early by two people."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.platform.accounts.codes import CONTRACT_WRITERS, ISO_ROLES
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.platform.ui.workflow import (
    WORKFLOWS,
    CaseFact,
    CreateForm,
    Transition,
    Workflow,
    turning_down,
)
from apps.reliability.designations import forms, selectors, services
from apps.reliability.designations.codes import ENDINGS, Ending
from apps.reliability.designations.models import Designation, DesignationEnding


def ending_links(case: Designation) -> list[tuple[str, str]]:
    """Return the ways to end a designation that apply to it now, or to the one that waits."""
    waits = case.endings.filter(state="PROPOSED").first()
    if waits is not None:
        return [("Ending waits", reverse("designation-endings-case", args=[waits.pk]))]
    early = "Terminate early" if case.state == "DESIGNATED" else "End earlier by order of FERC"
    kinds = [(early, Ending.TERMINATE)]
    if services.may_lapse(case):
        kinds.insert(0, ("Lapse", Ending.LAPSE))
    return [
        (
            label,
            reverse("designation-endings-new", query={"designation": case.pk, "kind": kind.value}),
        )
        for label, kind in kinds
    ]


def _follows(ending: DesignationEnding) -> list[str]:
    if ending.state != "PROPOSED":
        said: list[str] = ending.follows
        return said
    return services.what_follows(ending.designation, ending.kind, ending.last_day)


def _beyond(ending: DesignationEnding) -> list[str]:
    """Return what still stands beyond an approved end; before that it stands in what follows."""
    if ending.state != "APPROVED":
        return []
    return services.stands_beyond(ending.designation, ending.kind, ending.last_day)


def _propose(*, actor: Any, at: Any, **given: Any) -> DesignationEnding:
    return services.propose_ending(given=services.EndingInput(**given), actor=actor, at=at)


ENDING = Workflow(
    name="designation-endings",
    noun="designation ending",
    model=DesignationEnding,
    select=selectors.endings,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.designation.resource.code}: {ENDINGS[Ending(c.kind)].lower()}",
    facts=lambda c, viewer: [
        CaseFact("Resource", c.designation.resource.code),
        CaseFact(
            "Designation",
            f"no. {c.designation_id}",
            address=reverse("designations-case", args=[c.designation_id]),
        ),
        CaseFact("How", ENDINGS[Ending(c.kind)]),
        CaseFact("New last day", c.last_day),
        CaseFact("FERC docket", c.ferc_docket),
        CaseFact("FERC order", c.ferc_approved_on),
        CaseFact("Reason", c.reason),
        CaseFact("Although a file waits", c.over_files),
        CaseFact("What follows", " ".join(_follows(c))),
        CaseFact("Stands beyond the end now", " ".join(_beyond(c))),
        CaseFact("Decided by", c.decided_by.username if c.decided_by else None),
    ],
    steps={
        "approve": Transition(services.ending_approve),
        **turning_down(DesignationEnding),
    },
    opening=CreateForm(
        title="End a designation",
        button="Propose",
        form=forms.EndingForm,
        perform=_propose,
        roles=CONTRACT_WRITERS,
        intro="A conditional designation without contract terms lapses where an RA contract came "
        "first, and its renewals lapse with it. Any other is terminated on the last day of a "
        "month, its terms with it. Days whose payload is published end by an order of FERC alone, "
        "and so does one still earlier that was terminated. What stands beyond the end is named. "
        "A second person approves.",
        example={
            "designation": 1,
            "kind": "TERMINATE",
            "last_day": "2026-09-30",
            "reason": "The reinforcement is in service.",
        },
    ),
    implements=("BRQ-0015", "BRQ-0055", "BRQ-0255"),
)
WORKFLOWS.register(ENDING)
ENDING_LIST = Screen(
    name="designation-endings",
    title="Designation endings",
    model=DesignationEnding,
    select=selectors.endings,
    columns=(
        Column(
            "designation__resource__code",
            "Resource ID",
            link=link_to("designation-endings-case", "pk"),
        ),
        "kind",
        "last_day",
        "state",
        "ferc_docket",
        "reason",
        Column("opened_by__username", "Proposed by"),
        Column("decided_by__username", "Decided by"),
        Column("opened_at", "Proposed", shown=False),
    ),
    filters=("designation__resource__code", "kind", "state", "last_day"),
    search=("designation__resource__code", "ferc_docket", "reason"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="cases",
    implements=("BRQ-0055",),
    empty="No designation was ended before its last day.",
)
SCREENS.register(ENDING_LIST)
MENU.register(
    MenuItem(
        group="Designation",
        label=ENDING_LIST.title,
        name=ENDING_LIST.name,
        roles=ISO_ROLES,
        order=4,
    )
)

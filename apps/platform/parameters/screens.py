"""Lists of parameter values and proposals."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from apps.platform.accounts.codes import APPROVERS, ISO_ROLES, PROPOSERS
from apps.platform.accounts.rules import Viewer
from apps.platform.parameters import selectors
from apps.platform.parameters.models import ParameterProposal, ParameterValue
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to

VALUES = Screen(
    name="parameter-values",
    title="Parameter values",
    model=ParameterValue,
    select=selectors.values,
    columns=(
        Column("name", link=link_to("parameter", "name")),
        "text",
        Column("valid", "Trade dates"),
        Column("known", "Known"),
        "reference",
        Column("proposed_by__username", "Proposed by"),
        Column("approved_by__username", "Approved by"),
    ),
    filters=("name", "valid", "known"),
    search=("name", "text", "reference"),
    order=("name", "valid"),
    roles=ISO_ROLES,
    public=True,
    group="control",
    intro="Every value a rule may use, by trade date and by when we knew it. A version whose "
    "'known' has ended was replaced; it stays readable.",
    tools=lambda viewer: [("All parameters", reverse("parameters"))],
)


def _waits(viewer: Viewer) -> Q:
    """Return the proposals of others, for who decides them."""
    others = ~Q(opened_by_id=viewer.user_id)
    return others & Q(state="PROPOSED") if viewer.may(APPROVERS) else Q(pk__in=[])


PROPOSALS = Screen(
    name="parameter-proposals",
    title="Parameter proposals",
    model=ParameterProposal,
    select=selectors.proposals,
    columns=(
        Column("id", "No.", link=link_to("parameter-proposal", "pk")),
        Column("name", link=link_to("parameter-proposal", "pk")),
        "text",
        "first_date",
        "last_date",
        "state",
        Column("opened_by__username", "Proposed by"),
        "opened_at",
        Column("decided_by__username", "Decided by"),
        Column("reason", shown=False),
        Column("reference", shown=False),
    ),
    filters=("state", "name"),
    roles=ISO_ROLES,
    group="control",
    empty="No value has been proposed yet.",
    waits=_waits,
    tools=lambda viewer: (
        [("Propose a value", reverse("parameter-propose"))] if viewer.may(PROPOSERS) else []
    ),
)
SCREENS.register(VALUES, PROPOSALS)
MENU.register(MenuItem(group="Control", label="Parameters", name="parameters", order=10))
MENU.register(
    MenuItem(
        group="Control", label="Proposals", name="parameter-proposals", roles=ISO_ROLES, order=11
    )
)

"""Lists of what was calculated: bids, transitions, commitment costs, violations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.bidding.costs import selectors
from apps.bidding.costs.codes import COST_READERS
from apps.bidding.costs.models import CommitmentCostLine, CostViolation, DebSegment, TransitionCost
from apps.platform.accounts.codes import ISO_ROLES, SIGNED_IN
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Row, Screen

RUN = Column("run__version", "Version")


def _bid_page(row: Row) -> str | None:
    if row.get("resource_id") is None:
        return None
    return reverse("energy-bid", args=[row["trade_date"], row["resource_id"]])


def _reference_page(row: Row) -> str | None:
    return reverse("reference-bid", args=[row["pk"]])


def _graph_page(row: Row) -> str | None:
    return reverse("transition-graph", args=[row["trade_date"], row["resource_id"]])


def _parts(link: Any) -> tuple[Any, ...]:
    return (
        "trade_date",
        Column("unit", "Resource", link=link),
        "config",
        "vintage",
        "segment_no",
        "from_mw",
        "to_mw",
        "published",
        "heat_rate",
        "fuel",
        "ghg",
        "gmc",
        "vom",
        "oc",
        Column("scalar", shown=False),
        Column("before", shown=False),
        Column("deb", shown=False),
        "adjusted",
        Column("fuel_index", shown=False),
        Column("fuel_price", shown=False),
        Column("fuel_price_date", shown=False),
        "stale",
        RUN,
    )


def _list(name: str, title: str, model: Any, select: Any, **more: Any) -> Screen:
    return Screen(
        name=name,
        title=title,
        model=model,
        select=select,
        in_search=False,
        roles=more.pop("roles", COST_READERS),
        group="costs",
        **more,
    )


DEBS = _list(
    "default-energy-bids",
    "Default energy bids",
    DebSegment,
    selectors.debs,
    columns=_parts(_bid_page),
    extra=("resource_id",),
    filters=("trade_date", "unit", "vintage", "adjusted", "stale"),
    search=("unit",),
    order=("-trade_date", "unit", "config", "segment_no"),
    implements=("BRQ-0065", "BRQ-0066", "BRQ-0076"),
    intro="One row a step, each part of its price beside it, in the newest calculation.",
    empty="No costs are calculated yet. They are each day, or on the page of runs by hand.",
)
REFERENCE = _list(
    "reference-bids",
    "Bids of published curves",
    DebSegment,
    selectors.reference_debs,
    columns=("source", *_parts(_reference_page)),
    filters=("source", "trade_date", "unit"),
    search=("unit",),
    order=("-trade_date", "source", "unit", "segment_no"),
    roles=SIGNED_IN,
    implements=("BRQ-0065",),
    intro="Every published heat-rate curve at the prices of a trade date; no bid of ours.",
    empty="Ask for a run of “Bids of published curves” first.",
)
TRANSITIONS = _list(
    "mma-transitions",
    "Upward transitions",
    TransitionCost,
    selectors.transition_costs,
    columns=(
        "trade_date",
        Column("unit", "Resource", link=_graph_page),
        "from_config",
        "to_config",
        "mma",
        "broadcast",
        "from_pmax",
        "to_pmax",
        "mma_from",
        "mma_to",
        RUN,
    ),
    extra=("resource_id",),
    filters=("trade_date", "unit", "broadcast"),
    search=("unit",),
    order=("-trade_date", "unit", "from_config", "to_config"),
    implements=("BRQ-0097", "BRQ-0098"),
    intro="Upward transitions of every multi-stage resource, the same for both markets.",
    empty="No transitions are recorded yet.",
)
COMMITMENT = _list(
    "commitment-costs",
    "Proxy commitment costs",
    CommitmentCostLine,
    selectors.commitment_costs,
    columns=(
        "trade_date",
        Column("unit", "Resource"),
        "cost_type",
        "config",
        "to_config",
        "amount",
        "fuel",
        "ghg",
        "power",
        "om",
        "mma",
        "oc",
        RUN,
    ),
    filters=("trade_date", "unit", "cost_type"),
    search=("unit",),
    order=("-trade_date", "unit", "cost_type", "config", "to_config"),
    implements=("BRQ-0523", "BRQ-0093"),
    intro="What a start, an hour at minimum load and a transition cost, part by part.",
    empty="No commitment costs are calculated yet.",
)
FINDINGS = _list(
    "cost-violations",
    "Violations of cost runs",
    CostViolation,
    selectors.cost_violations,
    columns=("trade_date", "unit", "code", "severity", "message", RUN),
    filters=("trade_date", "code", "severity"),
    search=("unit", "message"),
    order=("-trade_date", "severity", "unit", "line_no"),
    implements=("BRQ-0065",),
    intro="What could not be calculated, or rests on a stale price. Other resources went on.",
    empty="The newest runs found nothing amiss.",
)
MENU.register(
    MenuItem(group="Costs", label="Cost and bid runs", name="costs", roles=ISO_ROLES, order=5)
)
SCREENS.register(DEBS, REFERENCE, TRANSITIONS, COMMITMENT, FINDINGS)
BELOW = {
    DEBS: ("energy-bid",),
    TRANSITIONS: ("transition-graph",),
    REFERENCE: ("reference-bid",),
}
for position, screen in enumerate((DEBS, TRANSITIONS, COMMITMENT, FINDINGS, REFERENCE)):
    MENU.register(
        MenuItem(
            group="Costs",
            label=screen.title,
            name=screen.name,
            roles=screen.roles,
            order=10 + position,
            pages=BELOW.get(screen, ()),
        )
    )

"""The desks of adders, fuel regions and reference level requests."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.bidding.costs import forms, selectors, services
from apps.bidding.costs.codes import (
    ADDER_UNITS,
    COST_READERS,
    COST_WRITERS,
    REQUESTERS,
    REVIEWERS,
    AdderKind,
)
from apps.bidding.costs.models import AdderProposal, ReferenceLevelRequest, RegionProposal
from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.core.quantity import plain
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


def _decided(case: Any) -> list[CaseFact]:
    return [
        CaseFact("Reference", case.reference),
        CaseFact("Proposed by", case.opened_by.username),
        CaseFact("Decided by", case.decided_by.username if case.decided_by else None),
    ]


def _days(case: Any) -> str:
    return f"{case.first_date} → {case.last_date or 'open'}"


def _adder(*, actor: Any, at: Any, **given: Any) -> AdderProposal:
    return services.propose_adder(given=services.AdderInput(**given), actor=actor, at=at)


ADDERS = Workflow(
    name="cost-adder-proposals",
    noun="cost adder proposal",
    model=AdderProposal,
    select=selectors.adder_proposals,
    roles=COST_READERS,
    heading=lambda c: f"{c.kind} of {c.resource.code}: {plain(c.amount)}",
    facts=lambda c, viewer: [
        CaseFact(
            "Resource",
            c.resource.code,
            address=reverse("cost-adders", query={"q": c.resource.code}),
        ),
        CaseFact("Adder", c.kind),
        *([CaseFact("Configuration", c.config)] if c.config else []),
        *([CaseFact("To configuration", c.to_config)] if c.to_config else []),
        CaseFact("Amount", f"{plain(c.amount)} {ADDER_UNITS[AdderKind(c.kind)]}"),
        CaseFact("Origin", c.origin),
        CaseFact("Trade dates", _days(c)),
        *(_decided(c) if viewer.is_iso else [CaseFact("Reference", c.reference)]),
    ],
    steps={"approve": Transition(services.adder_approve), **turning_down(AdderProposal)},
    opening=CreateForm(
        title="Propose a cost adder",
        button="Propose",
        form=forms.AdderForm,
        perform=_adder,
        roles=COST_WRITERS,
        intro="Opportunity cost counts only for use-limited resources that are not RMR Condition "
        "2. A second person approves.",
        example={
            "resource": "RESOURCE_1_UNIT",
            "kind": "MMA_START_UP",
            "amount": "1500",
            "origin": "NEGOTIATED",
            "first_date": "2026-05-01",
            "reference": "Agreement of 2026-04-01",
        },
    ),
    implements=("BRQ-0062",),
)


def _region(*, actor: Any, at: Any, **given: Any) -> RegionProposal:
    return services.propose_region(given=services.RegionInput(**given), actor=actor, at=at)


REGIONS = Workflow(
    name="fuel-region-proposals",
    noun="fuel region proposal",
    model=RegionProposal,
    select=selectors.region_proposals,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.region}: {c.index}, scalar {plain(c.volatility)}",
    facts=lambda c, viewer: [
        CaseFact(
            "Fuel region", c.region, address=reverse("fuel-region-scalars", query={"q": c.region})
        ),
        CaseFact("Fuel index", c.index, address=reverse("fuel-prices", query={"q": c.index})),
        CaseFact("Volatility scalar", plain(c.volatility)),
        CaseFact("Trade dates", _days(c)),
        *_decided(c),
    ],
    steps={"approve": Transition(services.region_approve), **turning_down(RegionProposal)},
    opening=CreateForm(
        title="Propose a fuel region",
        button="Propose",
        form=forms.RegionForm,
        perform=_region,
        roles=COST_WRITERS,
        intro="A region of its own lets RMR resources have their own index and volatility scalar.",
        example={
            "region": "FRRMR1",
            "index": "PGE_CITYGATE",
            "volatility": "1.25",
            "first_date": "2026-05-01",
            "reference": "Notice of 2026-04-01",
        },
    ),
    implements=("BRQ-0092",),
)


def _request(*, actor: Any, at: Any, **given: Any) -> ReferenceLevelRequest:
    return services.request_change(given=services.RequestInput(**given), actor=actor, at=at)


def _threshold(case: ReferenceLevelRequest, viewer: Viewer) -> CaseFact:
    """Return the threshold; without one, that of costs calculated since, or what to do first."""
    if case.threshold is not None:
        return CaseFact("Threshold", f"{plain(case.threshold)} {case.unit}")
    since = services.threshold_since(case)
    if since.amount is not None:
        said = f"{plain(since.amount)} {case.unit}, of costs calculated after it was filed"
        return CaseFact("Threshold", said)
    return CaseFact("Threshold", since.sentence, address=reverse("costs") if viewer.is_iso else "")


def _request_facts(case: ReferenceLevelRequest, viewer: Viewer) -> list[CaseFact]:
    return [
        CaseFact("Resource", case.resource.code),
        CaseFact("SC", case.sc.code),
        CaseFact("When", case.timing),
        CaseFact("Trade date", case.trade_date),
        CaseFact("Market and hours", f"{case.market}, HE{case.first_hour} to HE{case.last_hour}"),
        CaseFact("Cost", f"{case.cost_type} {case.config}".strip()),
        *([CaseFact("At output", case.at_mw, "MW")] if case.at_mw is not None else []),
        CaseFact("Asked for", f"{plain(case.requested)} {case.unit}"),
        _threshold(case, viewer),
        CaseFact(
            "Approved", f"{plain(case.approved)} {case.unit}" if case.approved is not None else None
        ),
        CaseFact("Why so", case.outcome or None),
        CaseFact("Reason given", case.reason),
        *(
            [
                CaseFact(
                    "Follows request",
                    f"no. {case.follows_id}",
                    address=reverse("reference-level-requests-case", args=[case.follows_id]),
                )
            ]
            if case.follows_id
            else []
        ),
        CaseFact(
            "Decided by",
            case.decided_by.username
            if case.decided_by and viewer.is_iso
            else ("the ISO" if case.decided_by else None),
        ),
    ]


def _takes_papers(case: Any, file_name: str, content: bytes, actor: Any, at: Any) -> Any:
    return services.request_document(
        case=case, file_name=file_name, content=content, actor=actor, at=at
    )


REQUESTS = Workflow(
    name="reference-level-requests",
    noun="reference level request",
    model=ReferenceLevelRequest,
    select=selectors.requests,
    roles=COST_READERS,
    heading=lambda c: f"{c.resource.code}, {c.trade_date}: {c.cost_type} {plain(c.requested)}",
    facts=_request_facts,
    steps={
        "approve": Transition(services.change_approve),
        "approve_part": Transition(
            services.change_approve_part, form=forms.PartForm, note_needed=True
        ),
        "refuse": Transition(services.change_refuse, note_needed=True),
        "withdraw": turning_down(ReferenceLevelRequest)["withdraw"],
    },
    opening=CreateForm(
        title="Ask for another reference level",
        button="File the request",
        form=forms.ReferenceLevelForm,
        perform=_request,
        roles=REQUESTERS,
        intro="Ex-ante: accepted up to the reasonableness threshold, capped above. Ex-post: the "
        "ISO decides by your documents. RMR Condition 2 resources are not eligible.",
        example={
            "timing": "EX_ANTE",
            "resource": "RESOURCE_1_UNIT",
            "trade_date": "2026-05-01",
            "market": "DA",
            "first_hour": 1,
            "cost_type": "ENERGY",
            "at_mw": "40",
            "requested": "52.10",
            "reason": "Same-day gas above the index",
        },
    ),
    takes_documents=_takes_papers,
    document_roles=REQUESTERS | REVIEWERS,
    implements=("BRQ-0090", "BRQ-0064"),
)
WORKFLOWS.register(ADDERS, REGIONS, REQUESTS)


def _tool(label: str, name: str, roles: frozenset[Any]) -> Any:
    return lambda viewer: [(label, reverse(name))] if viewer.may(roles) else []


ADDER_LIST = Screen(
    name="cost-adder-proposals",
    title="Cost adder proposals",
    model=AdderProposal,
    select=selectors.adder_proposals,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("cost-adder-proposals-case", "pk")),
        "state",
        "kind",
        "config",
        "to_config",
        "amount",
        "origin",
        "first_date",
        "last_date",
    ),
    filters=("resource__code", "kind", "state", "first_date"),
    search=("resource__code", "reference"),
    order=("-opened_at", "-id"),
    roles=COST_READERS,
    group="cases",
    intro="Opportunity cost and major maintenance that a second person approves; approved ones "
    "count from their first trade date.",
    tools=_tool("Propose an adder", "cost-adder-proposals-new", COST_WRITERS),
    implements=("BRQ-0062",),
    empty="No adder has been proposed. Those of files are under Inputs, Cost adders.",
)
REGION_LIST = Screen(
    name="fuel-region-proposals",
    title="Fuel region proposals",
    model=RegionProposal,
    select=selectors.region_proposals,
    columns=(
        Column("region", link=link_to("fuel-region-proposals-case", "pk")),
        "state",
        "index",
        "volatility",
        "first_date",
        "last_date",
        "reference",
        Column("opened_by__username", "Proposed by"),
        Column("decided_by__username", "Decided by"),
    ),
    filters=("region", "index", "state"),
    search=("region", "reference"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="cases",
    intro="Which gas index prices a region, and the scalar of its thresholds; a second person "
    "approves.",
    tools=_tool("Propose a region", "fuel-region-proposals-new", COST_WRITERS),
    implements=("BRQ-0092",),
    empty="No region has been proposed. Those of files are under Inputs, Fuel regions.",
)
REQUEST_LIST = Screen(
    name="reference-level-requests",
    title="Reference level requests",
    model=ReferenceLevelRequest,
    select=selectors.requests,
    columns=(
        Column(
            "resource__code", "Resource ID", link=link_to("reference-level-requests-case", "pk")
        ),
        "state",
        "timing",
        "trade_date",
        "market",
        "cost_type",
        "config",
        "requested",
        "threshold",
        "approved",
        "unit",
        Column("sc__code", "SC"),
        Column("opened_at", "Filed", shown=False),
    ),
    filters=("resource__code", "timing", "trade_date", "state", "sc__code"),
    search=("resource__code", "reason"),
    order=("-opened_at", "-id"),
    roles=COST_READERS,
    group="cases",
    intro="CCDEBE: other costs than the calculated ones, before the market or after.",
    tools=_tool("File a request", "reference-level-requests-new", REQUESTERS),
    implements=("BRQ-0090",),
    empty="No request has been filed.",
)
SCREENS.register(ADDER_LIST, REGION_LIST, REQUEST_LIST)
MENU.register(
    MenuItem(
        group="Costs",
        label="Reference level requests",
        name="reference-level-requests",
        roles=COST_READERS,
        order=40,
    )
)
MENU.register(
    MenuItem(
        group="Costs",
        label="Cost adder proposals",
        name="cost-adder-proposals",
        roles=ISO_ROLES,
        order=50,
    )
)
MENU.register(
    MenuItem(
        group="Costs",
        label="Fuel region proposals",
        name="fuel-region-proposals",
        roles=ISO_ROLES,
        order=51,
    )
)

"""The desks of contract terms, prices and Pmax; the payload and what was published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse

from apps.platform.accounts.codes import CONTRACT_WRITERS, ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.audit.selectors import events_of
from apps.platform.core.tradetime import Span
from apps.platform.runs.selectors import outdated_page
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
from apps.reliability.designations.models import (
    ContractProposal,
    PmaxChange,
    PriceChange,
)
from apps.reliability.designations.rules import PMAX_TOLERANCE, terms_behind_pmax
from apps.reliability.designations.selectors import NOW


def _dates(case: Any) -> str:
    return f"{case.first_date} → {case.last_date or 'open'}"


def _approval(case: Any) -> list[CaseFact]:
    return [
        CaseFact("FERC docket", case.ferc_docket),
        CaseFact("FERC approval", case.ferc_approved_on),
        CaseFact("Reference", case.reference),
        CaseFact("Decided by", case.decided_by.username if case.decided_by else None),
    ]


def _terms(*, actor: Any, at: Any, **given: Any) -> ContractProposal:
    return services.propose_terms(given=services.TermsInput(**given), actor=actor, at=at)


TERMS = Workflow(
    name="contract-proposals",
    noun="contract proposal",
    model=ContractProposal,
    select=selectors.contract_proposals,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.contract_no}, {c.first_date} to {c.last_date}",
    facts=lambda c, viewer: [
        CaseFact(
            "Contract", c.contract_no, address=reverse("rmr-contracts", query={"q": c.contract_no})
        ),
        CaseFact("Resource", c.designation.resource.code),
        CaseFact(
            "Designation",
            f"no. {c.designation_id}",
            address=reverse("designations-case", args=[c.designation_id]),
        ),
        CaseFact("Trade dates", _dates(c)),
        CaseFact("Price", c.price, "USD_PER_MW_DAY"),
        CaseFact("Fixed revenue requirement", c.afrr, "USD"),
        *(CaseFact(f"{r['obligation_type'].title()} {r['tac']} (MW)", r["mw"]) for r in c.capacity),
        CaseFact(
            "Pmax on these days",
            services.pmax_said(c.designation.resource_id, c.first_date, c.last_date),
        ),
        CaseFact("Non-performance", c.nonperformance),
        CaseFact("Negotiated penalty", c.penalty),
        *_approval(c),
    ],
    steps={
        "approve": Transition(services.terms_approve),
        **turning_down(ContractProposal),
    },
    opening=CreateForm(
        title="Propose contract terms",
        button="Propose",
        form=forms.TermsForm,
        perform=_terms,
        roles=CONTRACT_WRITERS,
        intro="Resource, vintage and local area are those of the designation. A price is derived "
        "from the revenue requirement to six decimals. A second person approves.",
        example={
            "designation": 1,
            "contract_no": "RMR-2026-1",
            "first_date": "2026-05-01",
            "last_date": "2026-12-31",
            "afrr_usd": "2000000",
            "nonperformance": "RAAIM",
            "reference": "Agreement of 2026-04-01",
            "generic_pge_tac": "27.5",
        },
    ),
    implements=("BRQ-1210", "BRQ-0020", "BRQ-0056"),
)


def _price(*, actor: Any, at: Any, **given: Any) -> PriceChange:
    return services.propose_price(given=services.PriceInput(**given), actor=actor, at=at)


def _price_facts(case: PriceChange, viewer: Viewer) -> list[CaseFact]:
    preview = case.preview
    return [
        CaseFact(
            "Contract",
            case.contract_no,
            address=reverse("contract-prices", query={"q": case.contract_no}),
        ),
        CaseFact("Trade dates", _dates(case)),
        CaseFact("New price", case.price, "USD_PER_MW_DAY"),
        CaseFact("Fixed revenue requirement", case.afrr, "USD"),
        CaseFact("Past trade dates affected", len(preview.get("days", []))),
        CaseFact("Payload records to publish", preview.get("records")),
        CaseFact("Cost of those days", Decimal(preview.get("total_usd", "0")), "USD"),
        CaseFact("Records published", case.republished),
        *_approval(case),
    ]


PRICES = Workflow(
    name="price-changes",
    noun="price change",
    model=PriceChange,
    select=selectors.price_changes,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.contract_no}: {c.price.normalize():f} $/MW-day from {c.first_date}",
    facts=_price_facts,
    steps={
        "approve": Transition(services.price_approve, doubts=services.price_doubts),
        "refresh": Transition(services.price_refresh),
        **turning_down(PriceChange),
    },
    opening=CreateForm(
        title="Enter an approved price",
        button="Show what it changes",
        form=forms.PriceForm,
        perform=_price,
        roles=CONTRACT_WRITERS,
        intro="Every affected trade date is found from the contract. You see what is published "
        "again and what it costs whom before a second person approves.",
        example={
            "contract_no": "RMR-2026-1",
            "first_date": "2026-05-01",
            "price": "318.80",
            "ferc_docket": "ER26-1",
            "ferc_approved_on": "2026-09-01",
            "reference": "FERC order",
        },
    ),
    panels=lambda case, viewer: [("designations/_price_preview.html", {"preview": case.preview})],
    implements=("BRQ-0254", "BRQ-0255"),
)


FOLLOWED = ("PROPOSED", "APPROVED")


def _pmax(*, actor: Any, at: Any, **given: Any) -> PmaxChange:
    return services.propose_pmax(given=services.PmaxInput(**given), actor=actor, at=at)


def _terms_behind(case: PmaxChange) -> str:
    """Say which terms have to be filed anew for a change of Pmax; nothing where they agree."""
    day = case.first_date
    held = [c for c in selectors.on_day(day, NOW) if c.contract.contract_no == case.contract_no]
    tolerance = selectors.rules_of(day).at(PMAX_TOLERANCE, day)
    bounds = bool(selectors.pmax_bounds(Span.through(day, day), NOW))
    said = [
        terms_behind_pmax(
            contract_no=case.contract_no,
            day=day,
            filed_mw=c.filed_mw,
            pmax_mw=case.pmax_mw,
            tolerance_mw=tolerance,
            bounds=bounds,
        )
        for c in held
    ]
    return " ".join(v.message for v in said if v is not None)


def _pmax_links(case: PmaxChange, viewer: Viewer) -> list[tuple[str, str]]:
    """Return what follows a Pmax: the terms to send, and what has to be calculated anew."""
    if case.state not in FOLLOWED:
        return []
    found = []
    if viewer.may(CONTRACT_WRITERS) and _terms_behind(case):
        found.append(("Send contract terms", reverse("upload-new", args=["contract-terms"])))
    approved = events_of(case).filter(data__to="APPROVED").first()
    if viewer.may(ISO_ROLES) and approved is not None:
        address = outdated_page(Span(case.first_date), approved.at)
        found.append(("Costs and bids it outdated", address))
    return found


PMAX = Workflow(
    name="pmax-changes",
    noun="Pmax change",
    model=PmaxChange,
    select=selectors.pmax_changes,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.resource.code}: Pmax {c.pmax_mw.normalize():f} MW from {c.first_date}",
    facts=lambda c, viewer: [
        CaseFact("Resource", c.resource.code),
        CaseFact(
            "Contract", c.contract_no, address=reverse("rmr-contracts", query={"q": c.contract_no})
        ),
        CaseFact("Pmax now", c.pmax_before_mw, "MW"),
        CaseFact("Pmax approved", c.pmax_mw, "MW"),
        CaseFact("From", c.first_date),
        CaseFact("Terms must follow", _terms_behind(c) if c.state in FOLLOWED else ""),
        *_approval(c),
    ],
    links=_pmax_links,
    steps={
        "approve": Transition(services.pmax_approve, doubts=services.pmax_doubts),
        **turning_down(PmaxChange),
    },
    opening=CreateForm(
        title="Enter a Pmax that FERC approved",
        button="Propose",
        form=forms.PmaxForm,
        perform=_pmax,
        roles=CONTRACT_WRITERS,
        intro="Pmax is fixed while a contract runs. For less capability the SC files an outage. "
        "Bids, availability and payment take a smaller Pmax from its day on, on trade dates from "
        "the one that rmr.smaller_pmax names; the contract terms have to be filed anew.",
        example={
            "resource": "RESOURCE_1_UNIT",
            "pmax_mw": "165",
            "first_date": "2026-06-01",
            "ferc_docket": "ER26-2",
            "ferc_approved_on": "2026-05-20",
            "reference": "FERC order",
        },
    ),
    implements=("BRQ-0048",),
)
WORKFLOWS.register(TERMS, PRICES, PMAX)

PROPOSAL_COLUMNS = (
    "first_date",
    "last_date",
    "state",
    "ferc_docket",
    "reference",
    Column("opened_by__username", "Proposed by"),
    Column("decided_by__username", "Decided by"),
    Column("opened_at", "Proposed", shown=False),
)


def _tool(label: str, name: str) -> Any:
    return lambda viewer: [(label, reverse(name))] if viewer.may(CONTRACT_WRITERS) else []


TERMS_LIST = Screen(
    name="contract-proposals",
    title="Contract proposals",
    model=ContractProposal,
    select=selectors.contract_proposals,
    columns=(
        Column("contract_no", link=link_to("contract-proposals-case", "pk")),
        Column("designation__resource__code", "Resource ID"),
        "price",
        "afrr",
        *PROPOSAL_COLUMNS,
    ),
    filters=("contract_no", "state", "first_date"),
    search=("contract_no", "designation__resource__code", "reference"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="cases",
    tools=_tool("Propose terms", "contract-proposals-new"),
    implements=("BRQ-1210",),
)
PRICE_LIST = Screen(
    name="price-changes",
    title="Price changes",
    model=PriceChange,
    select=selectors.price_changes,
    columns=(
        Column("contract_no", link=link_to("price-changes-case", "pk")),
        "price",
        "republished",
        *PROPOSAL_COLUMNS,
    ),
    filters=("contract_no", "state", "first_date"),
    search=("contract_no", "reference", "ferc_docket"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="cases",
    tools=_tool("Enter a price", "price-changes-new"),
    implements=("BRQ-0254", "BRQ-0255"),
)
PMAX_LIST = Screen(
    name="pmax-changes",
    title="Pmax changes",
    model=PmaxChange,
    select=selectors.pmax_changes,
    columns=(
        Column("resource__code", "Resource ID", link=link_to("pmax-changes-case", "pk")),
        "contract_no",
        "pmax_before_mw",
        "pmax_mw",
        *PROPOSAL_COLUMNS,
    ),
    filters=("resource__code", "state", "first_date"),
    search=("resource__code", "contract_no", "reference"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="cases",
    tools=_tool("Enter a Pmax", "pmax-changes-new"),
    implements=("BRQ-0048",),
)
SCREENS.register(TERMS_LIST, PRICE_LIST, PMAX_LIST)
for position, (screen, roles) in enumerate(
    (
        (TERMS_LIST, ISO_ROLES),
        (PRICE_LIST, ISO_ROLES),
        (PMAX_LIST, ISO_ROLES),
    )
):
    MENU.register(
        MenuItem(
            group="Contracts",
            label=screen.title,
            name=screen.name,
            roles=roles,
            order=30 + position,
        )
    )

"""The desk of disclosures: a contract that is public at FERC is told to every SC."""

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
from apps.reliability.designations.codes import DISCLOSURES, Disclosure
from apps.reliability.designations.models import ContractDisclosure


def _propose(*, actor: Any, at: Any, **given: Any) -> ContractDisclosure:
    return services.propose_disclosure(given=services.DisclosureInput(**given), actor=actor, at=at)


DISCLOSURE = Workflow(
    name="contract-disclosures",
    noun="contract disclosure",
    model=ContractDisclosure,
    select=selectors.disclosures,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.contract_no}: {c.kind.lower()} from {c.first_date}",
    facts=lambda c, viewer: [
        CaseFact(
            "Contract", c.contract_no, address=reverse("rmr-contracts", query={"q": c.contract_no})
        ),
        CaseFact("What", DISCLOSURES[Disclosure(c.kind)]),
        CaseFact("From", c.first_date),
        CaseFact("FERC docket", c.ferc_docket),
        CaseFact("Reason", c.reason),
        CaseFact("Open to every SC today", "yes" if selectors.terms_open(c.contract_no) else "no"),
        CaseFact("Decided by", c.decided_by.username if c.decided_by else None),
    ],
    steps={
        "approve": Transition(services.disclosure_approve),
        **turning_down(ContractDisclosure),
    },
    opening=CreateForm(
        title="Open or close a contract",
        button="Propose",
        form=forms.DisclosureForm,
        perform=_propose,
        roles=CONTRACT_WRITERS,
        intro="An SC that bears a contract's cost is told the net amount that is shared, not the "
        "owner's price, capacity, costs and market revenue. Where the contract is public at FERC, "
        "it may be opened: every SC then reads its rows, and who bears its cost reads what its "
        "share is made of. Both hold for whoever reads from the day on, whatever the trade date. "
        "A second person approves.",
        example={
            "contract_no": "RMR-2026-1",
            "kind": "OPEN",
            "first_date": "2026-12-01",
            "ferc_docket": "ER26-1",
            "reason": "Accepted and published by FERC on 2026-11-20",
        },
    ),
    implements=("BRQ-1230", "BRQ-1210"),
)
WORKFLOWS.register(DISCLOSURE)
DISCLOSURE_LIST = Screen(
    name="contract-disclosures",
    title="Contract disclosures",
    model=ContractDisclosure,
    select=selectors.disclosures,
    columns=(
        Column("contract_no", link=link_to("contract-disclosures-case", "pk")),
        "kind",
        "first_date",
        "state",
        "ferc_docket",
        "reason",
        Column("opened_by__username", "Proposed by"),
        Column("decided_by__username", "Decided by"),
        Column("opened_at", "Proposed", shown=False),
    ),
    filters=("contract_no", "kind", "state", "first_date"),
    search=("contract_no", "ferc_docket", "reason"),
    order=("-opened_at", "-id"),
    roles=ISO_ROLES,
    group="cases",
    tools=lambda viewer: (
        [("Open or close a contract", reverse("contract-disclosures-new"))]
        if viewer.may(CONTRACT_WRITERS)
        else []
    ),
    implements=("BRQ-1230",),
    empty="No contract was opened: an SC is told net amounts.",
)
SCREENS.register(DISCLOSURE_LIST)
MENU.register(
    MenuItem(
        group="Contracts",
        label=DISCLOSURE_LIST.title,
        name=DISCLOSURE_LIST.name,
        roles=ISO_ROLES,
        order=39,
    )
)

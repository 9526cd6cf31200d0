"""Desks and lists of negotiated penalties and of invoices of legacy RMR."""

from __future__ import annotations

from functools import partial
from typing import Any

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.ui.screens import Column, Screen, link_to
from apps.platform.ui.workflow import (
    WORKFLOWS,
    CaseFact,
    CreateForm,
    Transition,
    Workflow,
    turning_down,
)
from apps.settlement.settlements import forms, selectors, services
from apps.settlement.settlements.codes import OWNERS, READERS, SETTLERS
from apps.settlement.settlements.models import ContractPenalty, LegacyInvoice


def _penalty(*, actor: Any, at: Any, **words: Any) -> Any:
    return services.propose_penalty(given=services.PenaltyInput(**words), actor=actor, at=at)


def _invoice(*, actor: Any, at: Any, **words: Any) -> Any:
    return services.submit_invoice(given=services.InvoiceInput(**words), actor=actor, at=at)


PENALTIES = Workflow(
    name="contract-penalties",
    noun="penalty line",
    model=ContractPenalty,
    select=selectors.penalties,
    roles=ISO_ROLES,
    heading=lambda p: f"{p.contract_no}: penalty for {p.trade_date}",
    facts=lambda p, viewer: [
        CaseFact("Contract", p.contract_no),
        CaseFact("Resource", p.resource.code),
        CaseFact("Trade date", p.trade_date),
        CaseFact("Penalty", p.amount, "USD"),
        CaseFact("Grounds", p.reference),
    ],
    steps={
        "approve": Transition(services.approve_penalty),
        **turning_down(ContractPenalty),
    },
    opening=CreateForm(
        title="Enter a negotiated penalty",
        button="Propose it",
        form=forms.PenaltyForm,
        perform=_penalty,
        roles=SETTLERS,
        intro="For contracts with a negotiated alternative to RAAIM. It is settled with its trade "
        "date and given back to those who bear the contract's cost.",
        example={
            "contract_no": "RMR_2024_1",
            "trade_date": "2024-09-04",
            "amount": "12000.00",
            "reference": "section 4.2, two failed starts",
        },
    ),
    implements=("BRQ-0056",),
)
LEGACY = Workflow(
    name="legacy-invoices",
    noun="legacy RMR invoice",
    model=LegacyInvoice,
    select=selectors.legacy_invoices,
    roles=READERS,
    heading=lambda i: f"{i.contract_no}: {i.month:%B %Y}",
    facts=lambda i, viewer: [
        CaseFact("Contract", i.contract_no),
        CaseFact("Resource", i.resource.code),
        CaseFact("SC", i.sc.code),
        CaseFact("Month", i.month),
        CaseFact("Invoiced", i.amount, "USD"),
        CaseFact("Invoice", i.reference),
        CaseFact("Payment due", i.due),
    ],
    steps={
        "validate": Transition(partial(services.decide_invoice, action="validate")),
        "pay": Transition(partial(services.decide_invoice, action="pay")),
        **turning_down(LegacyInvoice),
    },
    opening=CreateForm(
        title="Send a legacy RMR invoice",
        button="Send it",
        form=forms.LegacyInvoiceForm,
        perform=_invoice,
        roles=OWNERS | SETTLERS,
        intro="Legacy RMR only. New-tariff RMR is settled in the market runs and sends none.",
        example={
            "contract_no": "OAK_1",
            "month": "2024-09-01",
            "amount": "250000.00",
            "reference": "2024-09-A",
        },
    ),
    implements=("BRQ-1200",),
)
WORKFLOWS.register(PENALTIES, LEGACY)
PENALTY_LIST = Screen(
    name="contract-penalties",
    title="Negotiated penalties",
    model=ContractPenalty,
    select=selectors.penalties,
    columns=(
        Column("id", "No.", link=link_to("contract-penalties-case", "pk")),
        "contract_no",
        Column("resource__code", "Resource ID"),
        "trade_date",
        "amount",
        "state",
        "reference",
    ),
    filters=("trade_date", "resource__code", "state"),
    search=("contract_no", "resource__code"),
    order=("-pk",),
    roles=ISO_ROLES,
    group="settlement",
    empty="No negotiated penalty has been entered.",
    implements=("BRQ-0056",),
)
LEGACY_LIST = Screen(
    name="legacy-invoices",
    title="Legacy RMR invoices",
    model=LegacyInvoice,
    select=selectors.legacy_invoices,
    columns=(
        Column("id", "No.", link=link_to("legacy-invoices-case", "pk")),
        "contract_no",
        Column("resource__code", "Resource ID"),
        Column("sc__code", "SC"),
        "month",
        "amount",
        "state",
        "due",
        "reference",
    ),
    filters=("month", "resource__code", "sc__code", "state"),
    search=("contract_no", "resource__code", "reference"),
    order=("-pk",),
    roles=READERS,
    group="settlement",
    empty="No legacy invoice has been sent.",
    implements=("BRQ-1200",),
)

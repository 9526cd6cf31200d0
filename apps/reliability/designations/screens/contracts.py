"""Lists of RMR contracts, prices and capacity."""

from __future__ import annotations

from django.db import models

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to
from apps.reliability.designations import selectors
from apps.reliability.designations.models import CapacityByTac, ContractPrice, RmrContract

ROW = Column(
    "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
)
VALID = Column("valid", "Trade dates")
KNOWN = Column("known", "Known")
SOURCE = Column("reference", "Source")
PEOPLE = (
    Column("proposed_by__username", "Sent by", shown=False),
    Column("approved_by__username", "Confirmed by", shown=False),
)

CONTRACTS = Screen(
    name="rmr-contracts",
    title="RMR contracts",
    model=RmrContract,
    select=selectors.contracts,
    columns=(
        "contract_no",
        Column("resource__code", "Resource ID"),
        Column(
            "vintage",
            "Vintage",
            computed=models.CharField(verbose_name="vintage"),
            help="Derived from the effective date, never typed",
        ),
        Column(
            "label",
            "Label",
            computed=models.CharField(verbose_name="label"),
            help="Of credits from 2020 on",
        ),
        Column(
            "raaim",
            "RAAIM",
            computed=models.CharField(verbose_name="RAAIM"),
            help="Derived from vintage and non-performance",
        ),
        "effective_date",
        "condition",
        "scope",
        Column("local_area__code", "Local area"),
        VALID,
        KNOWN,
        "nonperformance",
        Column("penalty", shown=False),
        Column("ferc_docket", shown=False),
        Column("ferc_approved_on", shown=False),
        Column("mw_override", shown=False),
        "is_synthetic",
        SOURCE,
        *PEOPLE,
        ROW,
    ),
    extra=("dataset_version_id",),
    windows=("valid",),
    filters=("resource__code", "scope", "valid", "known", "effective_date", "is_synthetic"),
    search=("contract_no", "resource__code"),
    order=("contract_no", "valid", "known"),
    roles=SIGNED_IN,
    group="contracts",
    implements=("BRQ-1210", "BRQ-0035", "BRQ-0030"),
    intro="Terms by trade dates and by when we knew them: the filter on what was known tells what "
    "we believed on a day.",
    empty="No contract is on file. Upload RMR contract terms.",
)
PRICES = Screen(
    name="contract-prices",
    title="Contract prices",
    model=ContractPrice,
    select=selectors.prices,
    columns=(
        "contract_no",
        "price",
        Column("afrr", shown=False),
        VALID,
        KNOWN,
        Column("ferc_docket", shown=False),
        Column("ferc_approved_on", shown=False),
        SOURCE,
        *PEOPLE,
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=("contract_no", "valid", "known"),
    search=("contract_no",),
    order=("contract_no", "valid", "known"),
    roles=SIGNED_IN,
    group="contracts",
    implements=("BRQ-1210",),
)
CAPACITY = Screen(
    name="contract-capacity",
    title="Capacity by TAC area",
    model=CapacityByTac,
    select=selectors.capacities,
    columns=(
        "contract_no",
        Column("tac_area__code", "TAC area"),
        "obligation_type",
        "mw",
        VALID,
        KNOWN,
        SOURCE,
        *PEOPLE,
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=("contract_no", "tac_area__code", "obligation_type", "valid", "known"),
    search=("contract_no",),
    order=("contract_no", "tac_area__code", "obligation_type", "valid", "known"),
    roles=SIGNED_IN,
    group="contracts",
    implements=("BRQ-1210",),
)
SCREENS.register(CONTRACTS, PRICES, CAPACITY)
for position, screen in enumerate((CONTRACTS, PRICES, CAPACITY)):
    MENU.register(
        MenuItem(
            group="Contracts",
            label=screen.title,
            name=screen.name,
            roles=SIGNED_IN,
            order=10 + position,
        )
    )

"""Lists of settlement results."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Row, Screen, link_to
from apps.settlement.settlements import selectors
from apps.settlement.settlements.codes import READERS
from apps.settlement.settlements.models import (
    AllocationLine,
    CapacityPayment,
    ChargeLine,
    MarketNetting,
    RaaimLine,
    RaaimPool,
    RunDate,
    RunRule,
)
from apps.settlement.settlements.screens.penalties import LEGACY_LIST, PENALTY_LIST


def _payment_link(row: Row) -> str | None:
    if row["outcome"] != "SETTLED":
        return None
    return reverse("explain-payment", args=[row["run_id"], row["resource_id"]])


PAYMENTS = Screen(
    name="capacity-payments",
    title="Capacity payments",
    model=CapacityPayment,
    select=selectors.capacity_payments,
    columns=(
        "trade_date",
        Column("run__version", "Version", link=link_to("run", "run_id")),
        Column("resource__code", "Resource ID"),
        "contract_no",
        Column("sc__code", "SC"),
        "outcome",
        "vintage",
        "scope",
        "obligation_type",
        "capacity_mw",
        "price",
        Column("amount", link=_payment_link),
        Column("sentence", shown=False),
        "is_synthetic",
    ),
    extra=("run_id", "resource_id"),
    filters=("trade_date", "resource__code", "sc__code", "outcome", "scope", "run__version"),
    search=("resource__code", "contract_no", "sc__code"),
    order=("-trade_date", "-run_id", "resource__code"),
    roles=ISO_ROLES,
    group="settlement",
    implements=("BRQ-1225",),
)
ALLOCATION = Screen(
    name="allocation-lines",
    in_search=False,
    title="Allocation lines",
    model=AllocationLine,
    select=selectors.allocation_lines,
    columns=(
        "trade_date",
        Column("run__version", "Version", link=link_to("run", "run_id")),
        Column("sc__code", "SC"),
        Column("tac_area__code", "TAC area"),
        Column("resource__code", "Resource ID"),
        "scope",
        Column("tac_mw", shown=False),
        "load_mwh",
        "base_mwh",
        Column("amount", link=link_to("explain-allocation", "run_id", "line_no")),
        Column("contract_no", shown=False),
        Column("is_synthetic", computed=models.BooleanField(verbose_name="synthetic")),
    ),
    extra=("run_id", "line_no"),
    filters=("trade_date", "sc__code", "tac_area__code", "resource__code", "run__version"),
    search=("sc__code", "resource__code"),
    order=("-run_id", "line_no"),
    roles=ISO_ROLES,
    group="settlement",
    implements=("BRQ-1230",),
)


def _explained(row: Row) -> str:
    return reverse("explain-charge", args=[row["run_id"], row["line_no"]])


VERSION = Column("run__version", "Version", link=link_to("run", "run_id"), link_roles=ISO_ROLES)
CHARGES = Screen(
    name="charge-lines",
    in_search=False,
    title="Charge lines",
    model=ChargeLine,
    select=selectors.charge_lines,
    columns=(
        "trade_date",
        VERSION,
        "charge_code",
        Column("sc__code", "SC"),
        Column("resource__code", "Resource ID"),
        Column("tac_area__code", "TAC area"),
        "contract_no",
        "part",
        "whole",
        Column("amount", link=_explained),
    ),
    extra=("run_id", "line_no"),
    filters=("trade_date", "charge_code", "sc__code", "resource__code", "run__version"),
    search=("charge_code", "sc__code", "resource__code"),
    order=("-run_id", "line_no"),
    roles=ISO_ROLES,
    group="settlement",
    intro="Lines of every charge code but the capacity payment and its allocation.",
    implements=("BRQ-1225", "BRQ-1240", "BRQ-1255", "BRQ-1260"),
)
NETTINGS = Screen(
    name="market-netting",
    in_search=False,
    title="Market netting",
    model=MarketNetting,
    select=selectors.nettings,
    columns=(
        "trade_date",
        VERSION,
        Column("resource__code", "Resource ID"),
        Column("sc__code", "SC"),
        "market",
        "rmr",
        "cost",
        "adders",
        "adjusted",
        "revenue",
        "bcr",
        "excess",
        "true_up",
        Column("own_cost", shown=False),
        Column("own_revenue", shown=False),
    ),
    extra=("run_id",),
    filters=("trade_date", "resource__code", "sc__code", "market", "rmr", "run__version"),
    search=("resource__code", "sc__code"),
    order=("-run_id", "line_no"),
    roles=READERS,
    group="settlement",
    intro="What a resource cost and earned in a market of the day. Cost less adders against "
    "revenue: short of it is uplift, above it is excess.",
    empty="No market results are settled yet.",
    implements=("BRQ-1225", "BRQ-1255"),
)


def _measuring(row: Row) -> str | None:
    """Lead from a held month to the days that are to be measured."""
    if row["outcome"] == "SETTLED":
        return None
    return reverse("availability", query={"month": f"{row['month']:%Y-%m}"})


RAAIM = Screen(
    name="raaim",
    in_search=False,
    title="RAAIM by resource",
    model=RaaimLine,
    select=selectors.raaim_lines,
    columns=(
        "month",
        VERSION,
        Column("resource__code", "Resource ID"),
        Column("sc__code", "SC"),
        "ra_type",
        "source",
        Column("outcome", link=_measuring),
        "measured_days",
        "assessed_days",
        "share",
        "average",
        "price",
        "charge",
        "eligible",
        "payment",
        Column("owed", shown=False),
        Column("lost", shown=False),
        Column("hours", shown=False),
    ),
    extra=("run_id",),
    filters=("month", "resource__code", "sc__code", "ra_type", "outcome"),
    search=("resource__code", "sc__code"),
    order=("-run_id", "line_no"),
    roles=READERS,
    group="settlement",
    intro="A month is settled with its last trade date. A resource whose "
    "assessed days are not all measured under what is on file is held (DATA_HOLD), without an "
    "amount.",
    empty="No month is settled yet. Settle the last trade date of one.",
    implements=("BRQ-1240",),
)
POOLS = Screen(
    name="raaim-pool",
    in_search=False,
    title="RAAIM pool",
    model=RaaimPool,
    select=selectors.raaim_pools,
    columns=(
        "month",
        VERSION,
        "carried_in",
        "charges",
        "eligible",
        "rate",
        "rate_cap",
        "paid",
        "carried_over",
        "to_load",
    ),
    extra=("run_id",),
    filters=("month",),
    search=(),
    order=("-run_id", "line_no"),
    roles=READERS,
    group="settlement",
    intro="Totals of a month, all without sign: charges came in from SCs, what was paid went out "
    "to them. On statements a payment stands below zero, a charge above.",
    empty="No month is settled yet.",
    implements=("BRQ-1240",),
)
RULES = Screen(
    name="settlement-runs",
    in_search=False,
    title="Settlement runs",
    model=RunRule,
    select=selectors.run_rules,
    columns=("first_date", "last_date", "count", "unit", "disputable", "dispute_days", "source"),
    filters=("unit", "disputable"),
    search=("source",),
    order=("first_date", "pk"),
    roles=READERS,
    group="settlement",
    empty="No calendar is on file.",
    implements=("BRQ-1201",),
)
DATES = Screen(
    name="settlement-dates",
    in_search=False,
    title="Published settlement dates",
    model=RunDate,
    select=selectors.run_dates,
    columns=("trade_date", "run", "day", "source"),
    filters=("trade_date", "run"),
    search=("run", "source"),
    order=("-trade_date", "pk"),
    roles=READERS,
    group="settlement",
    empty="No dates have been published here; computed ones hold.",
    implements=("BRQ-1201",),
)
LISTS = (
    (PAYMENTS, 30),
    (ALLOCATION, 31),
    (CHARGES, 32),
    (NETTINGS, 33),
    (RAAIM, 34),
    (POOLS, 35),
    (PENALTY_LIST, 40),
    (LEGACY_LIST, 41),
    (RULES, 50),
    (DATES, 51),
)
SCREENS.register(*(screen for screen, _ in LISTS))
for screen, order in LISTS:
    MENU.register(
        MenuItem(
            group="Settlement",
            label=screen.title,
            name=screen.name,
            roles=screen.roles,
            order=order,
        )
    )
for label, name, order in (
    ("Settlement calendar", "settlement-board", 9),
    ("Trade dates", "trade-dates", 10),
    ("Cost of RMR", "rmr-cost", 13),
    ("Calculation graph", "chain", 52),
):
    MENU.register(
        MenuItem(group="Settlement", label=label, name=name, roles=ISO_ROLES, order=order)
    )

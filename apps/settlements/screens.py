"""Lists of settlement results."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from apps.accounts.terms import ISO_ROLES
from apps.settlements import selectors
from apps.settlements.models import AllocationLine, CapacityPayment
from apps.ui.screens import Column, Row, Screen, link_to, register
from apps.ui.terms import add_to_menu


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
register(PAYMENTS, ALLOCATION)
for position, screen in enumerate((PAYMENTS, ALLOCATION)):
    add_to_menu(
        group="Settlement", label=screen.title, address=f"/{screen.name}/", roles=ISO_ROLES,
        order=30 + position,
    )  # fmt: skip
add_to_menu(
    group="Settlement", label="Trade dates", address="/trade-dates/", roles=ISO_ROLES, order=10
)

"""Lists of prices, rates, adders and published curves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.bidding.costs import selectors
from apps.bidding.costs.codes import COST_READERS
from apps.bidding.costs.models import (
    AllowancePrice,
    CommitmentInput,
    CostAdder,
    CostRate,
    FuelPrice,
    FuelRegion,
    ReferencePoint,
    ReferenceUnit,
    RegionScalar,
)
from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import SCREENS, Column, Screen, link_to

ROW = Column(
    "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
)
RESOURCE = Column("resource__code", "Resource ID")
KEPT = ("dataset_version_id",)
MOST_POINTS = 400


def price_chart(rows: QuerySet[Any], at: datetime) -> dict[str, Any] | None:
    """Return prices by day, one line an index, carried until the next price."""
    found = list(rows.order_by("-price_date").values_list("index", "price_date", "price")[:3000])
    days = sorted({day for _, day, _ in found})[-MOST_POINTS:]
    if len(days) < 2:
        return None
    known = {(index, day): float(price) for index, day, price in found}
    series = []
    for index in sorted({i for i, _, _ in found}):
        last, line = None, []
        for day in days:
            last = known.get((index, day), last)
            line.append(last)
        series.append({"name": index, "data": line})
    return {
        "kind": "line",
        "title": "Fuel price by day",
        "unit": "$/MMBtu",
        "categories": [d.isoformat() for d in days],
        "series": series,
    }


def _screen(
    name: str, title: str, model: Any, select: Any, columns: tuple[Any, ...], **more: Any
) -> Screen:
    return Screen(
        name=name,
        title=title,
        model=model,
        select=select,
        columns=columns,
        roles=more.pop("roles", SIGNED_IN),
        group="inputs",
        extra=KEPT,
        in_search=False,
        **more,
    )


FUEL = _screen(
    "fuel-prices",
    "Fuel prices",
    FuelPrice,
    selectors.fuel_prices,
    ("index", "price_date", "price", Column("dataset_version__version", "Version"), ROW),
    filters=("index", "price_date"),
    search=("index",),
    order=("-price_date", "index", "-pk"),
    chart=price_chart,
    implements=("BRQ-0065",),
    intro="A price holds until the next one of its index.",
)
ALLOWANCES = _screen(
    "allowance-prices",
    "GHG allowance prices",
    AllowancePrice,
    selectors.allowance_prices,
    ("price_date", "price", "reserve", "auction", ROW),
    filters=("price_date",),
    order=("-price_date", "-pk"),
    implements=("BRQ-0065",),
)
RATES = _screen(
    "cost-rates",
    "GMC, VOM and power rates",
    CostRate,
    selectors.rates,
    ("rate", RESOURCE, "effective_date", "amount", ROW),
    filters=("rate", "resource__code", "effective_date"),
    search=("resource__code",),
    order=("rate", "resource__code", "-effective_date", "-pk"),
    roles=COST_READERS,
    intro="Without a resource a rate is common to all.",
    implements=("BRQ-0065",),
)
REGIONS = _screen(
    "fuel-regions",
    "Fuel regions",
    FuelRegion,
    selectors.fuel_regions,
    (
        "region",
        "hub",
        "ghg_credit",
        "authority",
        "transportation",
        Column("reimbursement", shown=False),
        Column("miscellaneous", shown=False),
        ROW,
    ),
    filters=("region", "hub", "ghg_credit", "authority"),
    search=("region", "hub"),
    order=("region",),
    implements=("BRQ-0091", "BRQ-0092"),
)
INPUTS = _screen(
    "commitment-inputs",
    "Commitment cost inputs",
    CommitmentInput,
    selectors.commitment_inputs,
    (
        RESOURCE,
        "config",
        "to_config",
        "fuel",
        "power_mwh",
        "min_load_heat_rate",
        "emission",
        "ghg_obligation",
        "startup_basis",
        "min_load_basis",
        Column("dataset_version__period", "From"),
        ROW,
    ),
    filters=("resource__code", "startup_basis", "dataset_version__period"),
    search=("resource__code",),
    order=("-dataset_version__period", "resource__code", "pk"),
    roles=COST_READERS,
    implements=("BRQ-0093", "BRQ-0523"),
    intro="RMR resources are costed by proxy only.",
)
UNITS = _screen(
    "reference-units",
    "Published heat-rate units",
    ReferenceUnit,
    selectors.reference_units,
    ("source", "unit", RESOURCE, "kind", "index", "capacity_mw", "vom", "note", ROW),
    filters=("source", "kind", "index", "note"),
    search=("unit",),
    order=("source", "unit"),
    intro="Model data that others publish (WECC, CAPOW, EPA); no cost of a resource of ours.",
    implements=("BRQ-0065",),
)
POINTS = _screen(
    "reference-points",
    "Published heat-rate points",
    ReferencePoint,
    selectors.reference_points,
    ("source", "unit", "point_no", "mw", "heat_rate", ROW),
    filters=("source", "unit"),
    search=("unit",),
    order=("source", "unit", "point_no"),
    implements=("BRQ-0065",),
)
TERM = (
    "valid",
    "known",
    "reference",
    Column("proposed_by__username", "Proposed by", shown=False),
    Column("approved_by__username", "Approved by", shown=False),
)
ADDERS = Screen(
    name="cost-adders",
    title="Cost adders",
    model=CostAdder,
    select=selectors.adders,
    columns=(RESOURCE, "kind", "config", "to_config", "amount", "unit", "origin", *TERM),
    filters=("resource__code", "kind", "origin", "valid", "known"),
    search=("resource__code",),
    order=("resource__code", "kind", "config", "-valid", "-known"),
    roles=COST_READERS,
    group="inputs",
    implements=("BRQ-0062",),
    intro="Negotiated and calculated adders, as they held and as we knew them.",
)
SCALARS = Screen(
    name="fuel-region-scalars",
    title="Fuel regions with a scalar of their own",
    model=RegionScalar,
    select=selectors.region_scalars,
    columns=("region", "index", "volatility", *TERM),
    filters=("region", "index", "valid", "known"),
    search=("region",),
    order=("region", "-valid", "-known"),
    roles=COST_READERS,
    group="inputs",
    implements=("BRQ-0092",),
)
SCREENS.register(FUEL, ALLOWANCES, RATES, REGIONS, INPUTS, UNITS, POINTS, ADDERS, SCALARS)
for position, screen in enumerate(
    (ADDERS, FUEL, ALLOWANCES, RATES, REGIONS, SCALARS, INPUTS, UNITS, POINTS)
):
    MENU.register(
        MenuItem(
            group="Inputs",
            label=screen.title,
            name=screen.name,
            roles=screen.roles,
            order=40 + position,
        )
    )

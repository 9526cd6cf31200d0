"""Lists of demand, load and prices."""

from __future__ import annotations

from apps.accounts.terms import SIGNED_IN
from apps.market import selectors
from apps.market.models import EnergyPrice, Holiday, MeteredDemand, TacLoad
from apps.ui.screens import Column, Screen, link_to, register
from apps.ui.terms import add_to_menu

ROW = Column(
    "line_no", "Row in file", link=link_to("uploaded-row", "dataset_version_id", "line_no")
)
DEMAND = Screen(
    name="metered-demand",
    in_search=False,
    title="Metered demand",
    model=MeteredDemand,
    select=selectors.metered_demand,
    columns=(
        "trade_date",
        "hour_ending",
        Column("sc__code", "SC"),
        Column("tac_area__code", "TAC area"),
        "mwh",
        Column("dataset_version__version", "Version"),
        ROW,
        Column("source", shown=False),
        Column("dataset_version__is_synthetic", "Synthetic"),
    ),
    extra=("dataset_version_id",),
    filters=("trade_date", "sc__code", "tac_area__code", "dataset_version__version"),
    search=("sc__code",),
    order=("-dataset_version_id", "line_no"),
    roles=SIGNED_IN,
    group="inputs",
)
LOAD = Screen(
    name="tac-load",
    in_search=False,
    title="TAC area load",
    model=TacLoad,
    select=selectors.tac_load,
    columns=(
        "trade_date",
        "hour_ending",
        "tac_area",
        "mw",
        "interval_start",
        Column("dataset_version__version", "Version"),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=("trade_date", "tac_area"),
    order=("-dataset_version_id", "line_no"),
    roles=SIGNED_IN,
    group="inputs",
)
PRICES = Screen(
    name="energy-prices",
    in_search=False,
    title="Energy prices",
    model=EnergyPrice,
    select=selectors.energy_prices,
    columns=(
        "trade_date",
        "hour_ending",
        "node",
        "market_run_id",
        "lmp_type",
        "price",
        Column("opr_interval", shown=False),
        Column("dataset_version__version", "Version"),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=("trade_date", "node", "market_run_id", "lmp_type", "hour_ending"),
    search=("node",),
    order=("-dataset_version_id", "line_no"),
    roles=SIGNED_IN,
    group="inputs",
)
HOLIDAYS = Screen(
    name="holidays", in_search=False, title="Holidays", model=Holiday, select=selectors.holidays,
    columns=("day", "name", "source", ROW), extra=("dataset_version_id",),
    filters=("day", "name"), search=("name",), order=("-day", "pk"), roles=SIGNED_IN,
    group="inputs", empty="No holiday is on file.",
)  # fmt: skip
register(DEMAND, LOAD, PRICES, HOLIDAYS)
for position, screen in enumerate((DEMAND, LOAD, PRICES, HOLIDAYS)):
    add_to_menu(
        group="Inputs", label=screen.title, address=f"/{screen.name}/", roles=SIGNED_IN,
        order=20 + position,
    )  # fmt: skip

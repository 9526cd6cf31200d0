"""Lists of demand, load and prices."""

from __future__ import annotations

from functools import partial

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.ui.hooks import MENU, MenuItem
from apps.platform.ui.screens import (
    IN_FORCE,
    SCREENS,
    Column,
    Screen,
    in_force_column,
    link_to,
    opens_in_force,
)
from apps.reference.market import selectors
from apps.reference.market.codes import (
    COMMITMENTS,
    RESOURCE_HOURS,
    RESOURCE_INTERVALS,
    RESOURCE_QUARTERS,
)
from apps.reference.market.models import (
    DispatchShare,
    EnergyPrice,
    Holiday,
    MeteredDemand,
    ResourceRow,
    TacLoad,
)

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
        in_force_column(),
        ROW,
        Column("source", shown=False),
        Column("dataset_version__is_synthetic", "Synthetic"),
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "trade_date", "sc__code", "tac_area__code", "dataset_version__version"),
    search=("sc__code",),
    order=("-dataset_version_id", "line_no"),
    opens_with=opens_in_force,
    roles=SIGNED_IN,
    group="inputs",
)
SHARES = Screen(
    name="dispatch-shares",
    in_search=False,
    title="Shares of exceptional dispatch",
    model=DispatchShare,
    select=selectors.dispatch_shares,
    columns=(
        "trade_date",
        "basis",
        Column("resource__code", "Resource"),
        Column("sc__code", "SC"),
        "quantity",
        Column("dataset_version__version", "Version"),
        in_force_column(),
        ROW,
        Column("source", shown=False),
        Column("dataset_version__is_synthetic", "Synthetic"),
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "trade_date", "basis", "sc__code", "resource__code"),
    search=("sc__code",),
    order=("-dataset_version_id", "line_no"),
    opens_with=opens_in_force,
    roles=SIGNED_IN,
    group="inputs",
    empty="Exceptional dispatch is shared by metered demand.",
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
        in_force_column(),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "trade_date", "tac_area"),
    order=("-dataset_version_id", "line_no"),
    opens_with=opens_in_force,
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
        in_force_column(),
        ROW,
    ),
    extra=("dataset_version_id",),
    filters=(IN_FORCE, "trade_date", "node", "market_run_id", "lmp_type", "hour_ending"),
    search=("node",),
    order=("-dataset_version_id", "line_no"),
    opens_with=opens_in_force,
    roles=SIGNED_IN,
    group="inputs",
)
HOLIDAYS = Screen(
    name="holidays",
    in_search=False,
    title="Holidays",
    model=Holiday,
    select=selectors.holidays,
    columns=("day", "name", "source", ROW),
    extra=("dataset_version_id",),
    filters=("day", "name"),
    search=("name",),
    order=("-day", "pk"),
    roles=SIGNED_IN,
    group="inputs",
    empty="No holiday is on file.",
)


def _results(name: str, title: str, dataset: str, *columns: str) -> Screen:
    """The list of one kind of market results, all of the same shape."""
    model: type[ResourceRow] = selectors.RESULT_MODELS[dataset]
    return Screen(
        name=name,
        in_search=False,
        title=title,
        model=model,
        select=partial(selectors.result_rows, model),
        columns=(
            "trade_date",
            Column("resource__code", "Resource ID"),
            "hour_ending",
            *columns,
            Column("dataset_version__version", "Version"),
            in_force_column(),
            ROW,
            Column("source", shown=False),
        ),
        extra=("dataset_version_id",),
        filters=(
            IN_FORCE,
            "trade_date",
            "resource__code",
            "hour_ending",
            "dataset_version__version",
        ),
        search=("resource__code",),
        order=("-dataset_version_id", "line_no"),
        opens_with=opens_in_force,
        roles=SIGNED_IN,
        group="inputs",
        empty="No such rows are on file. They come by upload.",
        implements=("BRQ-1255",),
    )


RESULTS = (
    _results(
        "commitments",
        "Commitments",
        COMMITMENTS.name,
        "interval",
        "market",
        "event",
        "intervals",
        "committed",
        "from_config",
        "config",
        "qualified",
        "cost",
    ),
    _results(
        "market-hours",
        "Hourly market results",
        RESOURCE_HOURS.name,
        "da_mwh",
        "self_mwh",
        "min_load_mwh",
        "bid_cost",
        "self_cost",
        "da_lmp",
        "as_revenue",
        "as_bid_cost",
        "ruc_mw",
        "ruc_price",
        "ruc_bid",
    ),
    _results(
        "market-quarters",
        "15-minute market results",
        RESOURCE_QUARTERS.name,
        "quarter",
        "fmm_mwh",
        "bid_cost",
        "fmm_lmp",
        "as_revenue",
        "as_bid_cost",
    ),
    _results(
        "market-intervals",
        "5-minute energy",
        RESOURCE_INTERVALS.name,
        "interval",
        "expected_mwh",
        "metered_mwh",
        "regulation_mwh",
        "min_load_mwh",
        "rtd_mwh",
        "bid_cost",
        "rtd_lmp",
        "ed_mwh",
        "ed_reference",
        "ed_type",
    ),
)
SCREENS.register(DEMAND, LOAD, PRICES, HOLIDAYS, *RESULTS, SHARES)
for position, screen in enumerate((DEMAND, LOAD, PRICES, HOLIDAYS, *RESULTS, SHARES)):
    MENU.register(
        MenuItem(
            group="Inputs",
            label=screen.title,
            name=screen.name,
            roles=SIGNED_IN,
            order=20 + position,
        )
    )

"""Which parts of a day a market or meter file corrects, and what a missing row of it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from apps.platform.core.datasets import Dataset
from apps.platform.core.violations import Violation
from apps.platform.uploads.codes import COVERS, WHOLE
from apps.platform.uploads.hooks import Parts
from apps.reference.market import selectors
from apps.reference.market.codes import (
    COMMITMENTS,
    ENERGY_PRICES,
    METERED_DEMAND,
    RESOURCE_HOURS,
    RESOURCE_INTERVALS,
    RESOURCE_QUARTERS,
    TAC_LOAD,
)
from apps.reference.market.models import EnergyPrice, MeteredDemand, TacLoad
from apps.reference.market.rules import Gaps, check_gaps

DEMAND_PARTS = Parts(("sc_id", "hour_ending"), {MeteredDemand: ("sc_id", "hour_ending")})
LOAD_PARTS = Parts(("tac_area", "interval_start"), {TacLoad: ("tac_area", "interval_start")})
PRICE_KEY = ("node", "market_run_id", "lmp_type", "interval_start")
PRICE_PARTS = Parts(PRICE_KEY, {EnergyPrice: PRICE_KEY})
RESULT_KEYS: dict[str, tuple[str, ...]] = {
    COMMITMENTS.name: ("resource_id", "market"),
    RESOURCE_HOURS.name: ("resource_id", "hour_ending"),
    RESOURCE_QUARTERS.name: ("resource_id", "hour_ending", "quarter"),
    RESOURCE_INTERVALS.name: ("resource_id", "hour_ending", "interval"),
}
RESULT_PARTS = {
    name: Parts(key, {selectors.RESULT_MODELS[name]: key}) for name, key in RESULT_KEYS.items()
}
DEMAND_GAPS = Gaps(("sc_id", "tac_area"), "Settlement counts a missing hour as no demand.")
LOAD_GAPS = Gaps(("tac_area",), "There is no load of the missing ones on the trade date's page.")
PRICE_GAPS = Gaps(
    ("node", "market_run_id", "lmp_type"), "There is no price for the missing ones.", each=None
)
QUARTER_GAPS = Gaps(
    ("resource_id",), "Settlement counts the missing ones as no energy.", 4, whole_day=False
)
INTERVAL_GAPS = Gaps(
    ("resource_id",), "Settlement counts the missing ones as no energy.", 12, whole_day=False
)
CURRENT: dict[str, Callable[[str], pl.DataFrame | None]] = {
    METERED_DEMAND.name: selectors.current_demand,
    TAC_LOAD.name: selectors.current_load,
    ENERGY_PRICES.name: selectors.current_prices,
    **{name: selectors.current_results(name) for name in RESULT_KEYS},
}
"""What is in force of a day, by dataset."""


PARTS = {
    METERED_DEMAND.name: DEMAND_PARTS,
    TAC_LOAD.name: LOAD_PARTS,
    ENERGY_PRICES.name: PRICE_PARTS,
    **RESULT_PARTS,
}


def gaps_left(
    dataset: Dataset,
    frame: pl.DataFrame,
    options: Mapping[str, str],
    gaps: Gaps,
    place: Callable[[pl.DataFrame], pl.DataFrame],
) -> list[Violation]:
    """Return what is missing of the days of a frame once the rows that stay are counted.

    place: adds where in its hour a row lies. What is on file is read only where the file has gaps.
    """
    placed = place(frame)
    found = check_gaps(placed, gaps)
    held = _rows_kept(dataset, frame, options, gaps) if found else None
    return found if held is None else check_gaps(placed, gaps, held=place(held))


def _rows_kept(
    dataset: Dataset, frame: pl.DataFrame, options: Mapping[str, str], gaps: Gaps
) -> pl.DataFrame | None:
    """Return the rows in force of the days of a frame in parts that it does not name."""
    if options.get(COVERS.name) == WHOLE:
        return None
    days = frame["trade_date"].unique().to_list()
    rows = [CURRENT[dataset.name](f"{day}") for day in days]
    kept = [r for r in rows if r is not None and r.height]
    if not kept:
        return None
    on = list(dict.fromkeys(["trade_date", *PARTS[dataset.name].columns]))
    named = frame.select(on).unique()
    rest = pl.concat(kept, how="vertical_relaxed").join(named, on=on, how="anti", nulls_equal=True)
    if gaps.whole_day:
        return rest
    hours = frame.select("trade_date", *gaps.series, "hour_ending").unique()
    return rest.join(hours, on=hours.columns, how="semi")

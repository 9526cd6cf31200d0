"""What is asked of market and meter files before they are confirmed: are they likely right?"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from apps.platform.core.layouts import FileLayout
from apps.platform.core.quantity import MW, MWH, USD_PER_MWH, WEIGHT
from apps.platform.core.violations import Severity, Violation
from apps.platform.parameters.selectors import value_on
from apps.platform.uploads.hooks import Judged, PlausibilityCheck
from apps.platform.uploads.rules import Limits, Measure, few, unlike
from apps.reference.market import selectors
from apps.reference.market.codes import COMMITMENTS
from apps.reference.market.layouts import COMMITMENT_ROW
from apps.reference.market.rules import trade_hours
from apps.reference.resources.rules.parameters import (
    DAY_FACTOR,
    DAY_PRICE_FACTOR,
    ENERGY_LEAST,
    LOAD_MOST,
    LOAD_PART,
    PRICE_LEAST,
    PRICE_MOST,
)
from apps.reference.resources.selectors import tac_areas, tac_codes
from apps.reference.resources.services import (
    ENERGY,
    OF_MARKETS,
    PRICE,
    Far,
    above_bound,
    above_pmax,
    amount_checks,
    measures_of,
    unlike_before,
    unlike_its_day,
    unlike_last_week,
)

WEEK = timedelta(days=7)
DAY = Far(DAY_FACTOR, ENERGY_LEAST)
DAY_OF_PRICES = Far(DAY_PRICE_FACTOR, PRICE_LEAST)
DEMAND = Measure("mwh", MWH, "MWH", ("sc_id", "tac_area"))
LOAD = Measure("mw", MW, "MW", ("tac_area",))
SHARE = Measure("quantity", WEIGHT, "QUANTITY", ("basis", "sc_id"))
LMP = Measure("price", USD_PER_MWH, "MW", ("node", "market_run_id", "lmp_type"))
BOUND_OF_PRICES = "the bound of {} $/MWh beyond which a price is asked about"


def _beside(given: Judged, demand: pl.DataFrame, load: pl.DataFrame) -> list[Violation]:
    """Compare metered demand of each TAC area with the area's load, in hours that both have."""
    codes = tac_codes()
    area = {name: codes[key] for name, key in tac_areas().items()}
    hours = ["tac_area", "hour_ending"]
    metered = (
        demand.with_columns(pl.col("tac_area").replace(area))
        .group_by(hours)
        .agg(pl.col("mwh").sum(), pl.col("line_no").min())
    )
    totals = (
        metered.join(load.select(*hours, "mw"), on=hours)
        .group_by("tac_area")
        .agg(pl.col("mwh").sum(), pl.col("mw").sum(), pl.col("line_no").min())
    )
    most, part = value_on(LOAD_MOST, given.day), value_on(LOAD_PART, given.day)
    above, below = pl.col("mwh") > pl.col("mw"), pl.col("mwh") < pl.col("mw")
    sides = [(above, most), *([(below, 1 / part)] if part else [])]
    found = []
    for side, factor in sides:
        rows = totals.filter(side)
        found += unlike(
            rows.select("tac_area", "mwh", "line_no"),
            rows.select("tac_area", pl.col("mw").alias("mwh")),
            Measure("mwh", MWH, "MWH", ("tac_area",)),
            Limits(factor, value_on(ENERGY_LEAST, given.day)),
            code="PL-LOAD",
            than="the TAC area's load on file in the same hours",
        )
    return found


def _demand_beside_load(given: Judged) -> list[Violation]:
    load = selectors.current_load(given.period)
    return [] if load is None else _beside(given, given.whole, trade_hours(load, "interval_start"))


def _load_beside_demand(given: Judged) -> list[Violation]:
    demand = selectors.current_demand(given.period)
    if demand is None:
        return []
    load = trade_hours(given.whole.select("tac_area", "interval_start", "mw"), "interval_start")
    first = given.frame.group_by("tac_area").agg(pl.col("line_no").min())
    return _beside(given, demand.join(first, on="tac_area", how="left"), load)


def _moved_between_areas(given: Judged) -> list[Violation]:
    """Ask about an SC that has rows, and none of a TAC area it had demand in a week before.

    Costs are shared by TAC area, so demand under another one is charged to others. Areas under
    their other names count as the same. An SC without any row is missed by another check.
    """
    before = given.day - WEEK
    then = selectors.current_demand(before.isoformat())
    if then is None:
        return []
    codes = tac_codes()
    area = pl.col("tac_area").replace({name: codes[key] for name, key in tac_areas().items()})
    pair = ["sc_id", "tac_area"]
    now = given.whole.with_columns(area).select(pair).unique()
    had = then.with_columns(area).filter(pl.col("mwh").fill_null(0) != 0)
    gone = (
        had.group_by(pair)
        .agg(pl.col("mwh").sum())
        .join(now, on=pair, how="anti")
        .join(now.select("sc_id").unique(), on="sc_id", how="semi")
        .sort(pair)
    )
    return few(
        [
            Violation(
                "PL-WEEK",
                f"No row is of {row['sc_id']} in {row['tac_area']}, with "
                f"{MWH.text(MWH.from_scaled(row['mwh']))} MWh in {before}, a week before. Has "
                "its demand another TAC area now?",
                0,
                "TAC_AREA",
                Severity.WARNING,
            )
            for row in gone.iter_rows(named=True)
        ],
        "PL-WEEK",
    )


DEMAND_CHECKS = (
    unlike_before(DEMAND, ENERGY),
    unlike_its_day(DEMAND, DAY),
    unlike_last_week(selectors.current_demand, (DEMAND, ENERGY), all_stand=True),
    PlausibilityCheck("PL-WEEK", "Demand in other TAC areas than last week", _moved_between_areas),
    PlausibilityCheck("PL-LOAD", "Demand beside the load of its TAC area", _demand_beside_load),
)
LOAD_CHECKS = (
    unlike_before(LOAD, ENERGY),
    unlike_its_day(LOAD, DAY),
    unlike_last_week(selectors.current_load, (LOAD, ENERGY)),
    PlausibilityCheck("PL-LOAD", "Load beside the demand of its TAC area", _load_beside_demand),
)
SHARE_CHECKS = (
    unlike_before(SHARE, ENERGY),
    unlike_last_week(selectors.current_shares, (SHARE, ENERGY)),
)
"""Of shares of exceptional dispatch: MWh and $ alike, by the thresholds of energy."""
PRICE_CHECKS = (
    unlike_before(LMP, PRICE),
    unlike_its_day(LMP, DAY_OF_PRICES, pl.col("lmp_type") == "LMP"),
    unlike_last_week(selectors.current_prices, (LMP, PRICE)),
    above_bound(LMP, PRICE_MOST, BOUND_OF_PRICES),
)


def result_checks(
    dataset: str, layout: FileLayout, energy: tuple[str, ...], price: str, per_hour: int
) -> tuple[PlausibilityCheck, ...]:
    """Return the checks of market results: energy beside Pmax, every number beside before.

    energy, price: the columns that say most; zeros of these tell beside the week before.
    """
    by = ("resource_id",)
    all_of = {m.value: m for m in measures_of(layout, by)}
    first = [(all_of[name], ENERGY) for name in energy] + [(all_of[price], PRICE)]
    rest = [(m, OF_MARKETS[m.unit]) for name, m in all_of.items() if name not in (*energy, price)]
    week = selectors.current_results(dataset)
    return (
        *(above_pmax(all_of[name], per_hour) for name in energy),
        above_bound(all_of[price], PRICE_MOST, BOUND_OF_PRICES),
        *(unlike_before(m, far) for m, far in first),
        *(unlike_before(m, far, zero_tells=False) for m, far in rest),
        unlike_its_day(all_of[price], DAY_OF_PRICES),
        unlike_last_week(week, *first, all_stand=True),
        unlike_last_week(week, *rest, zero_tells=False),
    )


COMMITMENT_CHECKS = (
    *amount_checks(COMMITMENT_ROW, ("resource_id", "market", "event")),
    unlike_last_week(
        selectors.current_results(COMMITMENTS.name),
        *((m, OF_MARKETS[m.unit]) for m in measures_of(COMMITMENT_ROW, ("resource_id", "event"))),
        zero_tells=False,
    ),
)
"""Of commitments: each cost beside the version before, the last day on file and last week."""

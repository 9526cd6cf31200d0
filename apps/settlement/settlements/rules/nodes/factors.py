"""PC-MEAF: metered-energy adjustment factors of the day-ahead and the real-time market."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from apps.platform.core.quantity import half_up
from apps.platform.core.rulebook import implements
from apps.settlement.settlements.rules.chain import (
    NODES,
    SINCE,
    Book,
    DayOfChain,
    Figures,
    Node,
    Version,
)
from apps.settlement.settlements.rules.energy_adjustment import energy_factors
from apps.settlement.settlements.rules.parameters import TOLERANCE_MW, TOLERANCE_SHARE

FACTORS = {
    "resource_id": pl.Int64,
    "hour_ending": pl.Int64,
    "interval": pl.Int64,
    "meaf": pl.Int64,
    "rtpm": pl.Int64,
}
MILLIONTH = 100
"""Stored steps of energy (0.0001) in millionths; times twelve makes an interval an hour's rate."""


@implements("BRQ-1255", source="settlement rule book 6.3 and 6.4")
def factors(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Return the factor of every resource and 5-minute interval, with eight decimals.

    Day-ahead: sold is the lesser of expected energy and a twelfth of the hour's schedule. Real
    time: sold is expected energy, minimum load the interval's. All is brought to millionths of an
    hour's rate, where everything is whole. The band is the larger of a floor and a share of Pmax.
    """
    if book["intervals"].is_empty():  # nothing to adjust, and nothing asked of the parameters
        return {"factors": pl.DataFrame(schema=FACTORS)}
    floor = int(day.at(TOLERANCE_MW) * 10**6)
    share = day.at(TOLERANCE_SHARE).as_integer_ratio()
    bands = pl.DataFrame(
        [
            (key, max(floor, half_up(pmax * 100 * share[0], share[1])))
            for key, pmax in book["resources"].pmax.items()
        ],
        schema={"resource_id": pl.Int64, "tolerance": pl.Int64},
        orient="row",
    )
    hours = book["hours"].select(
        "resource_id", "hour_ending", scheduled_mwh="da_mwh", da_minimum="min_load_mwh"
    )
    rate = 12 * MILLIONTH
    rows = (
        book["intervals"]
        .join(hours, on=["resource_id", "hour_ending"], how="left")
        .join(bands, on="resource_id", how="left")
        .with_columns(
            pl.col("scheduled_mwh", "da_minimum").fill_null(0) * MILLIONTH,
            (pl.col("expected_mwh", "metered_mwh", "regulation_mwh", "min_load_mwh") * rate),
            tolerance=pl.col("tolerance").fill_null(floor),
        )
        .with_columns(
            performance=pl.col("tolerance"),
            metered=pl.col("metered_mwh"),
            regulation=pl.col("regulation_mwh"),
        )
    )
    ahead = rows.with_columns(
        sold=pl.min_horizontal("expected_mwh", "scheduled_mwh"),
        minimum=pl.col("da_minimum"),
        scheduled=pl.col("scheduled_mwh") > 0,
    ).select(energy_factors().alias("meaf"))["meaf"]
    real = rows.with_columns(
        sold=pl.col("expected_mwh"), minimum=pl.col("min_load_mwh"), scheduled=pl.lit(True)
    ).select(energy_factors().alias("rtpm"))["rtpm"]
    return {
        "factors": rows.select("resource_id", "hour_ending", "interval").with_columns(ahead, real)
    }


PC_MEAF = NODES.register(
    Node(
        code="PC-MEAF",
        title="Metered-energy adjustment factor",
        role="PC",
        reads={"intervals": "MWh, $", "hours": "MWh, $", "resources": "MW"},
        gives=(
            Figures(
                "factors",
                "factor",
                ("resource", "hour", "interval"),
                "Share of energy sold that was delivered, day-ahead and real time",
            ),
        ),
        versions=(
            Version(
                SINCE,
                "factor = (M − Reg − MLE) / (sold − MLE), from 0 to 1; 1 within the "
                "band; 0 below minimum load less tolerance",
                factors,
            ),
        ),
        requirements=("BRQ-1255",),
        source="settlement rule book 6.3 (S21, S22)",
        parameters=(TOLERANCE_MW, TOLERANCE_SHARE),
    )
)

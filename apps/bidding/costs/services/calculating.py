"""Calculate a trade date of costs, and the bids of published curves beside it."""

from __future__ import annotations

from typing import Any

import polars as pl

from apps.bidding.costs.codes import CURVES
from apps.bidding.costs.models import (
    CommitmentCostLine,
    CostViolation,
    DebSegment,
    ReferencePoint,
    ReferenceUnit,
    TransitionCost,
)
from apps.bidding.costs.rules import (
    COST_PARAMETERS,
    DEB_SCALAR_OTHER,
    GHG_RATE,
    REFERENCE_INDEX,
    CurvePrice,
    Point,
    check_points,
    lacking_of_bid,
    registered_cost_violation,
)
from apps.bidding.costs.services.committing import commitment_lines
from apps.bidding.costs.services.curve_pricing import Bids, Curve
from apps.bidding.costs.services.default_bids import energy_bids, no_price_violation
from apps.bidding.costs.services.inputs import (
    allowance_known,
    fuel_known,
    gather,
    rates_known,
    version_of,
)
from apps.bidding.costs.services.remarks import Remarks
from apps.bidding.costs.services.stage_transitions import evaluated, transition_frame
from apps.platform.core.quantity import (
    BTU_PER_KWH,
    MW,
    TONNE_PER_MMBTU,
    USD_PER_MMBTU,
    USD_PER_MWH,
    USD_PER_TONNE,
)
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation
from apps.platform.runs.hooks import Computed, Invariant, RunContext


@implements("BRQ-0080", source="BRS 1.2 section 6.1.2")
def calculate_day(context: RunContext) -> Computed:
    """Calculate all costs of a trade date, the same for day-ahead and real-time."""
    found = gather(context.trade_date, context.known_at, context.params)
    remarks = Remarks()
    bids = energy_bids(found, context, remarks)
    transitions = evaluated(found, remarks)
    upward = transition_frame(found, transitions)
    lines = commitment_lines(found, transitions, context, remarks)
    for (key, config, _), entry in sorted(found.inputs.items()):
        resource = found.resources.get(key)
        if resource is not None:
            refused = registered_cost_violation(
                rmr=key in found.vintage,
                bases=(entry.startup_basis, entry.min_load_basis),
                resource=resource.code,
            )
            remarks.add(f"{resource.code} {config}".strip(), key, [refused] if refused else [])
    return _computed(
        context,
        [
            (DebSegment, bids),
            (TransitionCost, upward),
            (CommitmentCostLine, lines),
            (CostViolation, remarks.frame()),
        ],
    )


def calculate_reference(context: RunContext) -> Computed:
    """Price every published heat-rate curve at the trade date's fuel and allowance prices.

    *Interpretation*: a unit whose source publishes no VOM has the common VOM rate; without that,
    or without a GMC rate or an allowance price, it has no bid.
    """
    day, params = context.trade_date, context.params
    fuel = fuel_known(day, context.known_at, params)
    allowance = allowance_known(day, context.known_at, params)
    rates = rates_known(day, context.known_at)
    gmc, common_vom = rates.get(("GMC", None)), rates.get(("VOM", None))
    versions = [version_of(d.name, context.known_at) for d in CURVES.values()]
    kept = [v.pk for v in versions if v]
    points: dict[tuple[str, str], list[Point]] = {}
    for p in (
        ReferencePoint.objects.filter(dataset_version_id__in=kept)
        .order_by("source", "unit", "point_no")
        .values_list("source", "unit", "mw", "heat_rate")
    ):
        points.setdefault(p[:2], []).append(
            Point(MW.to_scaled(p[2]), BTU_PER_KWH.to_scaled(p[3]), None)
        )
    default, emission = params.at(REFERENCE_INDEX, day), params.at(GHG_RATE, day)
    remarks = Remarks()
    bids = Bids()
    for unit in ReferenceUnit.objects.filter(dataset_version_id__in=kept).order_by(
        "source", "unit"
    ):
        curve = points.get((unit.source, unit.unit))
        index = unit.index or default
        price = fuel.get(index)
        name = f"{unit.source} {unit.unit}"
        if curve is None:
            remarks.add(name, None, [Violation("RMR-E-0065B", f"No curve: {unit.note}.")])
            continue
        if price is None:
            remarks.add(name, None, [no_price_violation("", index, day)])
            continue
        vom = unit.vom if unit.vom is not None else common_vom
        lacking = lacking_of_bid(
            gmc=gmc is not None,
            vom=vom is not None,
            allowance=allowance is not None,
            emits=emission > 0,
        )
        if lacking or gmc is None or vom is None:
            remarks.add(name, None, [*lacking, *check_points(curve, with_fuel=True)])
            continue
        bids.price(
            Curve(
                unit.unit,
                None,
                unit.source,
                "",
                "",
                index,
                price,
                CurvePrice(
                    fuel=USD_PER_MMBTU.to_scaled(price.price),
                    emission=TONNE_PER_MMBTU.to_scaled(emission),
                    allowance=USD_PER_TONNE.to_scaled(allowance.price) if allowance else 0,
                    gmc=USD_PER_MWH.to_scaled(gmc),
                    vom=USD_PER_MWH.to_scaled(vom),
                    scalar=int(params.at(DEB_SCALAR_OTHER, day) * 10_000),
                ),
            ),
            curve,
            remarks,
        )
    return _computed(context, [(DebSegment, bids.frame()), (CostViolation, remarks.frame())])


def _computed(context: RunContext, writes: list[tuple[Any, pl.DataFrame]]) -> Computed:
    numbered = [
        (
            model,
            frame.with_row_index("line_no", offset=1).with_columns(
                pl.lit(context.trade_date).alias("trade_date")
            ),
        )
        for model, frame in writes
    ]
    for parameter in COST_PARAMETERS:
        context.params.at(parameter, context.trade_date)
    bids = writes[0][1]
    lower = (pl.col("deb") < pl.col("deb").shift(1)).over("unit", "source", "config")
    falls = bids.sort("segment_no").filter(lower).height
    names = {
        DebSegment: "bid segments",
        TransitionCost: "upward transitions",
        CommitmentCostLine: "commitment costs",
        CostViolation: "violations",
    }
    return Computed(
        writes=numbered,
        totals={names[model]: f"{frame.height:,}" for model, frame in numbered},
        invariants=[
            Invariant(
                "bids never fall",
                falls == 0,
                f"{falls} of {bids.height} segments are below the one before.",
            ),
        ],
    )

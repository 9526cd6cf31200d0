"""Default energy bids of the curves of the Master File."""

from __future__ import annotations

from typing import Any

import polars as pl

from apps.bidding.costs.codes import AdderKind
from apps.bidding.costs.rules import (
    DEB_SCALAR_OTHER,
    DEB_SCALAR_RMR,
    GHG_RATE,
    CurvePrice,
    Point,
    check_points,
    formula_of,
    lacking_of_bid,
)
from apps.bidding.costs.services.curve_pricing import Bids, Curve, beyond_pmax
from apps.bidding.costs.services.inputs import (
    CostInputs,
    points_by_curve,
)
from apps.bidding.costs.services.remarks import Remarks
from apps.platform.core.quantity import (
    COST,
    MW,
    TONNE_PER_MMBTU,
    USD_PER_MMBTU,
    USD_PER_MWH,
    USD_PER_TONNE,
)
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation
from apps.platform.runs.hooks import RunContext


@implements("BRQ-0063", "BRQ-0065", "BRQ-0066", "BRQ-0076", source="BRS 1.2 section 6.1.2")
def energy_bids(found: CostInputs, context: RunContext, remarks: Remarks) -> pl.DataFrame:
    """Return the default energy bid of every curve of the Master File, RMR or not.

    A curve whose fuel price, GMC or VOM rate or allowance price is not on file has no bid, and a
    violation names each.
    """
    day, params = context.trade_date, context.params
    own = int(params.at(DEB_SCALAR_RMR, day) * 10_000)
    other = int(params.at(DEB_SCALAR_OTHER, day) * 10_000)
    common_emission = TONNE_PER_MMBTU.to_scaled(params.at(GHG_RATE, day))
    allowance = USD_PER_TONNE.to_scaled(found.allowance.price) if found.allowance else 0
    gmc = found.rate_on_file("GMC")
    bids = Bids()
    unknown = 0
    most = {(c.resource_id, c.config): MW.to_scaled(c.pmax_mw) for c in found.configurations}
    for (key, config), raw in points_by_curve(found.points).items():
        resource = found.resources.get(key)
        if resource is None:
            unknown += 1
            continue
        points = [Point(mw, rate, cost) for _, _, mw, rate, cost in raw]
        vintage, _ = found.vintage.get(key, ("", None))
        index = found.index_of(resource)
        formula = formula_of(
            resource.fuel_type, points, index=index, gas_index=index in found.gas_indexes
        )
        remarks.add(f"{resource.code} {config}".strip(), key, formula.violations)
        if formula.by_heat is None:
            continue
        whole = MW.to_scaled(resource.pmax_mw)
        if not config and points[-1].mw > whole:
            remarks.add(resource.code, key, [beyond_pmax(points[-1].mw, whole, cut=False)])
        index = index if formula.by_heat else ""
        fuel = found.fuel_of(resource) if formula.by_heat else None
        if fuel is None and formula.by_heat:
            remarks.add(resource.code, key, [no_price_violation(resource.fuel_region, index, day)])
            continue
        entry = found.inputs.get((key, "", ""))
        emits = entry is None or entry.ghg_obligation == "Y"
        emission = (
            TONNE_PER_MMBTU.to_scaled(entry.emission)
            if entry is not None and entry.emission is not None
            else common_emission
        )
        vom = found.rate_on_file("VOM", key)
        lacking = lacking_of_bid(
            gmc=gmc is not None,
            vom=vom is not None,
            allowance=found.allowance is not None,
            emits=emits and emission > 0 and any(p.heat_rate is not None for p in points),
        )
        if lacking or gmc is None or vom is None:
            lacking += check_points(points, with_fuel=formula.by_heat)
            remarks.add(f"{resource.code} {config}".strip(), key, lacking)
            continue
        oc = found.adders.amount(key, AdderKind.OC_ENERGY, config)
        bids.price(
            Curve(
                resource.code,
                key,
                "MF",
                config,
                vintage,
                index,
                fuel,
                CurvePrice(
                    fuel=USD_PER_MMBTU.to_scaled(fuel.price) if fuel else None,
                    emission=emission if emits else 0,
                    allowance=allowance if emits else 0,
                    gmc=USD_PER_MWH.to_scaled(gmc),
                    vom=USD_PER_MWH.to_scaled(vom),
                    oc=COST.to_scaled(oc) if oc is not None else 0,
                    scalar=own if vintage else other,
                ),
                most.get((key, config)),
            ),
            points,
            remarks,
        )
    if unknown:
        remarks.warn(
            "",
            None,
            "RMR-W-0065M",
            f"{unknown} curves are of resources that the Master "
            "File of the day does not hold; they were left out.",
        )
    _stale(found, remarks)
    return bids.frame()


def no_price_violation(region: str, index: str, day: Any) -> Violation:
    """Return why a curve has no fuel price; it gets no bid."""
    why = (
        f"index {index} has no price on or before {day}"
        if index
        else (f"fuel region {region} has no index" if region else "the resource has no fuel region")
    )
    return Violation("RMR-E-0065E", f"No fuel price: {why}. No bid is calculated.")


def _stale(found: CostInputs, remarks: Remarks) -> None:
    used = set(found.regions.values())
    for index, price in found.fuel.items():
        if price.stale and index in used:
            remarks.warn(
                index,
                None,
                "RMR-W-0065",
                f"Stale gas price: the last of {index} is "
                f"{USD_PER_MMBTU.text(price.price)} $/MMBtu of {price.day}.",
            )
    if found.allowance is not None and found.allowance.stale:
        remarks.warn("GHG", None, "RMR-W-0065G", f"Stale allowance price of {found.allowance.day}.")

"""The proxy commitment costs of a trade date, resource by resource."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl

from apps.bidding.costs.codes import COMMITMENT_INPUTS, AdderKind, CostType
from apps.bidding.costs.rules import (
    GHG_RATE,
    CommitmentCost,
    ConfigurationTransition,
    FuelKind,
    HeatPrice,
    fuel_kind,
    min_load_cost,
    start_up_cost,
    transition_cost,
)
from apps.bidding.costs.services.inputs import CostInputs
from apps.bidding.costs.services.remarks import Remarks
from apps.platform.core.quantity import BTU_PER_KWH, COST, EXACT, USD_PER_MWH
from apps.platform.core.rulebook import implements
from apps.platform.runs.hooks import RunContext

ZERO = Decimal(0)
COLUMNS = {
    "resource_id": pl.Int64,
    "unit": pl.String,
    "cost_type": pl.String,
    "config": pl.String,
    "to_config": pl.String,
    "fuel": pl.Int64,
    "ghg": pl.Int64,
    "power": pl.Int64,
    "om": pl.Int64,
    "mma": pl.Int64,
    "oc": pl.Int64,
    "amount": pl.Int64,
}


class _Day:
    """One day's way to a resource's commitment costs."""

    def __init__(self, found: CostInputs, emission: Decimal) -> None:
        self.found, self.emission = found, emission
        self.first: dict[tuple[int, str], tuple[int, int | None, int | None]] = {}
        for key, config, mw, rate, cost in found.points:
            self.first.setdefault((key, config), (mw, rate, cost))
        self.configurations: dict[int, list[Any]] = {}
        for row in found.configurations:
            self.configurations.setdefault(row.resource_id, []).append(row)
        self.rows: list[tuple[Any, ...]] = []

    def heat(self, key: int) -> tuple[HeatPrice, list[str]]:
        """Return the price of heat of a resource, and the names of what it lacks."""
        fuel = self.found.fuel_of(self.found.resources[key])
        lacking = [] if fuel else ["a fuel price"]
        price = fuel.price if fuel else ZERO
        entry = self.found.inputs.get((key, "", ""))
        if entry is not None and entry.ghg_obligation == "N":
            return HeatPrice(price), lacking
        rate = entry.emission if entry is not None and entry.emission is not None else self.emission
        if self.found.allowance is None:
            return HeatPrice(price), [*lacking, "an allowance price"]
        return HeatPrice(price, EXACT.multiply(rate, self.found.allowance.price)), lacking

    def add(self, key: int, kind: CostType, ends: tuple[str, str], cost: CommitmentCost) -> None:
        """Keep one cost; the parts are shown to six decimals, the amount is rounded once."""
        parts = (cost.fuel, cost.ghg, cost.power, cost.om, cost.mma, cost.oc)
        shown = [COST.half_up(part) if part else 0 for part in parts]
        self.rows.append(
            (key, self.found.resources[key].code, kind.value, *ends, *shown, cost.cents)
        )


@implements("BRQ-0523", source="RA rule book 3.3")
def commitment_lines(
    found: CostInputs,
    transitions: dict[int, list[ConfigurationTransition]],
    context: RunContext,
    remarks: Remarks,
) -> pl.DataFrame:
    """Return start-up, minimum load and transition costs of every resource that has inputs.

    What is not on file is not 0: a cost that lacks an input has no value, and a violation names
    each input. A resource without any commitment inputs has no proxy cost at all. *Interpretation*:
    a transition without a row of its own burns no fuel; its cost is its adders, said in a violation
    where it leads upward, and an upward one without any adder has no cost.
    """
    day = _Day(found, context.params.at(GHG_RATE, context.trade_date))
    given = {k for k, _, _ in found.inputs}
    keys = given | {k for k, _ in day.first} | set(transitions)
    keys |= {key for key, _, _, _ in found.adders.approved}
    for key in sorted(keys & found.resources.keys(), key=lambda k: found.resources[k].code):
        resource = found.resources[key]
        if fuel_kind(resource.fuel_type) is FuelKind.UNKNOWN:
            remarks.refuse(
                resource.code,
                key,
                "RMR-E-0065T",
                "The Master File gives no FUEL_TYPE, so no commitment cost.",
            )
        elif key not in given:
            remarks.refuse(
                resource.code,
                key,
                "RMR-E-0523",
                "No commitment inputs are on file (start-up "
                "fuel, auxiliary power), so no proxy cost. Send "
                f"the file {COMMITMENT_INPUTS.title}.",
            )
        else:
            _resource(day, key, transitions.get(key, []), remarks)
    return pl.DataFrame(day.rows, schema=COLUMNS, orient="row")


def _resource(
    day: _Day, key: int, transitions: list[ConfigurationTransition], remarks: Remarks
) -> None:
    code = day.found.resources[key].code
    for row in day.configurations.get(key) or [None]:
        if row is None or row.startup == "Y":
            _start_up(day, key, row.config if row is not None else "", remarks)
        _min_load(day, key, row, remarks)
    heat, lacking = day.heat(key)
    for t in transitions:
        entry = day.found.inputs.get((key, t.source, t.target))
        fuel = entry.fuel if entry is not None else None
        name = f"transition {t.source} to {t.target}"
        oc = day.found.adders.amount(key, AdderKind.OC_TRANSITION, t.source, t.target)
        if fuel is None and t.recorded and t.mma_transition is None and oc is None:
            lacking_here = ["fuel (FUEL_MMBTU), MMA and opportunity cost"]
        else:
            lacking_here = lacking if fuel else []
        if lacking_here:
            _lacks(code, key, name, lacking_here, remarks)
            continue
        if fuel is None and t.recorded:
            remarks.warn(
                code,
                key,
                "RMR-W-0523",
                f"No fuel of the {name} is on file; its proxy cost is its adders alone.",
            )
        day.add(
            key,
            CostType.TRANSITION,
            (t.source, t.target),
            transition_cost(
                fuel_mmbtu=fuel or ZERO,
                heat=heat,
                mma=t.mma_transition or ZERO,
                oc=oc or ZERO,
            ),
        )


def _adder(day: _Day, key: int, kind: AdderKind, config: str) -> Decimal:
    return day.found.adders.amount(key, kind, config) or ZERO


def _lacks(code: str, key: int, cost: str, lacking: list[str], remarks: Remarks) -> None:
    """Name each input that a cost lacks; it has no value."""
    for what in dict.fromkeys(lacking):
        fuel = what == "a fuel price"
        remarks.refuse(
            code,
            key,
            "RMR-E-0065E" if fuel else "RMR-E-0523",
            f"The {cost} lacks {what}, so it has no proxy cost.",
        )


def _start_up(day: _Day, key: int, config: str, remarks: Remarks) -> None:
    found = day.found
    entry = found.inputs.get((key, config, ""))
    fuel = entry.fuel if entry is not None else None
    power = entry.power_mwh if entry is not None else None
    price = found.rate_on_file("POWER", key)
    heat, unpriced = day.heat(key)
    lacking = ["start-up fuel (FUEL_MMBTU)"] if fuel is None else unpriced if fuel else []
    if power is None:
        lacking = [*lacking, "auxiliary power (AUX_POWER_MWH)"]
    elif power and price is None:
        lacking = [*lacking, "a POWER rate"]
    if lacking or fuel is None or power is None:
        _lacks(found.resources[key].code, key, f"start-up {config}".strip(), lacking, remarks)
        return
    day.add(
        key,
        CostType.START_UP,
        (config, ""),
        start_up_cost(
            fuel_mmbtu=fuel,
            heat=heat,
            power_mwh=power,
            power_price=price or ZERO,
            mma=_adder(day, key, AdderKind.MMA_START_UP, config),
            oc=_adder(day, key, AdderKind.OC_START_UP, config),
        ),
    )


def _min_load(day: _Day, key: int, row: Any, remarks: Remarks) -> None:
    found = day.found
    resource = found.resources[key]
    config = row.config if row is not None else ""
    entry = found.inputs.get((key, config, ""))
    _, point_rate, point_cost = day.first.get((key, config), (0, None, None))
    rate = entry.min_load_heat_rate if entry is not None else None
    if rate is None and point_rate is not None:
        rate = BTU_PER_KWH.from_scaled(point_rate)
    average = None
    if point_cost is not None and fuel_kind(resource.fuel_type) is FuelKind.OTHER:
        average = USD_PER_MWH.from_scaled(point_cost)
    heat, lacking = day.heat(key)
    if rate is None and average is None:
        lacking = [*lacking, "a heat rate at minimum load"]
    elif average is not None:
        lacking = [w for w in lacking if w != "a fuel price" and rate is not None]
    vom, gmc = found.rate_on_file("VOM", key), found.rate_on_file("GMC")
    lacking = [
        *lacking,
        *(["a VOM rate"] if vom is None else []),
        *(["a GMC rate"] if gmc is None else []),
    ]
    pmin = row.pmin_mw if row is not None else resource.pmin_mw
    if row is None and not resource.pmin_given:
        lacking = [*lacking, "PMIN_MW of the Master File"]
    elif not pmin:
        lacking = []
    if lacking:
        _lacks(resource.code, key, f"minimum load {config}".strip(), lacking, remarks)
        return
    day.add(
        key,
        CostType.MIN_LOAD,
        (config, ""),
        min_load_cost(
            pmin_mw=pmin,
            heat_rate=rate or ZERO,
            heat=heat,
            om=(vom or ZERO) + (gmc or ZERO),
            mma=_adder(day, key, AdderKind.MMA_MIN_LOAD, config),
            oc=_adder(day, key, AdderKind.OC_MIN_LOAD, config),
            average_cost=average,
        ),
    )

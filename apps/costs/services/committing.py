"""The proxy commitment costs of a trade date, resource by resource."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from apps.costs.rules import (
    GHG_RATE,
    CommitmentCost,
    HeatPrice,
    Transition,
    min_load_cost,
    opportunity_cost_eligible,
    start_up_cost,
    transition_cost,
)
from apps.costs.services.gathering import CostInputs
from apps.costs.terms import OPPORTUNITY, AdderKind, CostType
from apps.kernel.quantity import BTU_PER_KWH, COST, EXACT, USD_PER_MWH
from apps.kernel.rulebook import implements
from apps.runs.terms import RunContext

ZERO = Decimal(0)
COLUMNS = {
    "resource_id": pl.Int64, "unit": pl.String, "cost_type": pl.String, "config": pl.String,
    "to_config": pl.String, "fuel": pl.Int64, "ghg": pl.Int64, "power": pl.Int64, "om": pl.Int64,
    "mma": pl.Int64, "oc": pl.Int64, "amount": pl.Int64,
}  # fmt: skip
Warn = Callable[[str, int | None, str, str], None]


class _Day:
    """One day's way to a resource's commitment costs."""

    def __init__(self, found: CostInputs, emission: Decimal) -> None:
        self.found, self.emission = found, emission
        self.first: dict[tuple[int, str], tuple[int, int | None, int | None]] = {}
        for key, config, mw, rate, cost in found.points:
            self.first.setdefault((key, config), (mw, rate, cost))
        self.priced_by_cost = {k for (k, _), first in self.first.items() if first[2] is not None}
        self.configurations: dict[int, list[Any]] = {}
        for row in found.configurations:
            self.configurations.setdefault(row.resource_id, []).append(row)
        self.oc_transition = {
            (t.resource_id, t.from_config, t.to_config): t.oc_transition for t in found.transitions
        }
        self.rows: list[tuple[Any, ...]] = []

    def heat(self, key: int) -> HeatPrice | None:
        """Return the price of heat of a resource, or None where it has neither fuel nor cost."""
        resource = self.found.resources[key]
        fuel = self.found.fuel.get(self.found.regions.get(resource.fuel_region, ""))
        if fuel is None and key not in self.priced_by_cost:
            return None
        entry = self.found.inputs.get((key, "", ""))
        price = fuel.price if fuel is not None else ZERO
        if entry is not None and entry.ghg_obligation == "N":
            return HeatPrice(price)
        rate = entry.emission if entry is not None and entry.emission is not None else self.emission
        allowance = self.found.allowance.price if self.found.allowance else ZERO
        return HeatPrice(price, EXACT.multiply(rate, allowance))

    def add(self, key: int, kind: CostType, ends: tuple[str, str], cost: CommitmentCost) -> None:
        """Keep one cost; the parts are shown to six decimals, the amount is rounded once."""
        parts = (cost.fuel, cost.ghg, cost.power, cost.om, cost.mma, cost.oc)
        shown = [COST.half_up(part) if part else 0 for part in parts]
        self.rows.append(
            (key, self.found.resources[key].code, kind.value, *ends, *shown, cost.cents)
        )


@implements("BRQ-0523", source="RA rule book 3.3")
def commitment_lines(
    found: CostInputs, transitions: dict[int, list[Transition]], context: RunContext, warn: Warn
) -> pl.DataFrame:
    """Return start-up, minimum load and transition costs of every resource that has inputs.

    A resource is costed where it has commitment inputs, adders or a curve; each part that is not on
    file counts 0. Without a fuel price it is left out with a finding.
    """
    day = _Day(found, context.params.at(GHG_RATE, context.trade_date))
    keys = {k for k, _, _ in found.inputs} | {k for k, _ in day.first} | set(transitions)
    keys |= {key for key, _, _, _ in found.adders}
    for key in sorted(keys & found.resources.keys(), key=lambda k: found.resources[k].code):
        _resource(day, key, transitions.get(key, []), warn)
    return pl.DataFrame(day.rows, schema=COLUMNS, orient="row")


def _resource(day: _Day, key: int, transitions: list[Transition], warn: Warn) -> None:
    resource, heat = day.found.resources[key], day.heat(key)
    if heat is None:
        warn(resource.code, key, "RMR-E-0065E", "No fuel price, so no commitment cost.")
        return
    _, condition = day.found.vintage.get(key, ("", None))
    eligible = opportunity_cost_eligible(use_limited=resource.use_limited, condition=condition)
    adders = _Adders(day.found, key, eligible)
    for row in day.configurations.get(key) or [None]:
        _configuration(day, key, row, heat, adders)
    for t in transitions:
        entry = day.found.inputs.get((key, t.source, t.target))
        day.add(
            key, CostType.TRANSITION, (t.source, t.target),
            transition_cost(
                fuel_mmbtu=(entry.fuel if entry else None) or ZERO, heat=heat,
                mma=t.mma_transition or ZERO,
                oc=adders.of(
                    AdderKind.OC_TRANSITION, t.source, t.target,
                    day.oc_transition.get((key, t.source, t.target)),
                ),
            ),
        )  # fmt: skip


@dataclass(frozen=True)
class _Adders:
    """The adders of one resource; opportunity cost counts only where it is eligible."""

    found: CostInputs
    key: int
    eligible: bool

    def of(
        self, kind: AdderKind, config: str = "", to: str = "", on_file: Decimal | None = None
    ) -> Decimal:
        """Return the approved adder, 0 included, else that of the Master File, else 0."""
        if kind in OPPORTUNITY and not self.eligible:
            return ZERO
        approved = self.found.adder(self.key, kind, config, to)
        return approved if approved is not None else on_file or ZERO


def _configuration(day: _Day, key: int, row: Any, heat: HeatPrice, adders: _Adders) -> None:
    found = day.found
    config = row.config if row is not None else ""
    entry = found.inputs.get((key, config, ""))
    if row is None or row.startup == "Y":
        mma = adders.of(AdderKind.MMA_START_UP, config, on_file=getattr(row, "mma_startup", None))
        day.add(
            key, CostType.START_UP, (config, ""),
            start_up_cost(
                fuel_mmbtu=(entry.fuel if entry else None) or ZERO, heat=heat,
                power_mwh=(entry.power_mwh if entry else None) or ZERO,
                power_price=found.rate("POWER", key), mma=mma,
                oc=adders.of(AdderKind.OC_START_UP, config),
            ),
        )  # fmt: skip
    first = day.first.get((key, config), (0, None, None))
    rate = entry.min_load_heat_rate if entry else None
    if rate is None:
        rate = BTU_PER_KWH.from_scaled(first[1] or 0)
    day.add(
        key, CostType.MIN_LOAD, (config, ""),
        min_load_cost(
            pmin_mw=row.pmin_mw if row is not None else found.resources[key].pmin_mw,
            heat_rate=rate, heat=heat, om=found.rate("VOM", key) + found.rate("GMC"),
            mma=adders.of(AdderKind.MMA_MIN_LOAD, config,
                          on_file=getattr(row, "mma_min_load", None)),
            oc=adders.of(AdderKind.OC_MIN_LOAD, config),
            average_cost=None if first[2] is None else USD_PER_MWH.from_scaled(first[2]),
        ),
    )  # fmt: skip

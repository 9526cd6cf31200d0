"""Proxy commitment costs: what a start, an hour at minimum load and a transition cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from apps.platform.core.quantity import EXACT, USD
from apps.platform.core.rulebook import implements

NONE = Decimal(0)
times = EXACT.multiply


@dataclass(frozen=True)
class HeatPrice:
    """$ a MMBtu of fuel costs: the fuel itself and its allowances."""

    fuel: Decimal
    ghg: Decimal = NONE

    def scaled(self, volatility: Decimal) -> HeatPrice:
        """Return it at a region's volatility scalar, which is of the fuel alone."""
        return HeatPrice(times(self.fuel, volatility), self.ghg)


@dataclass(frozen=True)
class CommitmentCost:
    """A commitment cost by its parts, exact $; ``cents`` rounds their sum once, half up.

    per: start, run-hour or transition.
    """

    fuel: Decimal
    ghg: Decimal
    power: Decimal
    om: Decimal
    mma: Decimal
    oc: Decimal

    @property
    def exact(self) -> Decimal:
        """The sum of all parts."""
        total = NONE
        for part in (self.fuel, self.ghg, self.power, self.om, self.mma, self.oc):
            total = EXACT.add(total, part)
        return total

    @property
    def cents(self) -> int:
        """The cost in whole cents."""
        return USD.half_up(self.exact)


@implements("BRQ-0523", source="RA rule book 3.3, proxy cost")
def start_up_cost(
    *,
    fuel_mmbtu: Decimal,
    heat: HeatPrice,
    power_mwh: Decimal,
    power_price: Decimal,
    mma: Decimal,
    oc: Decimal,
) -> CommitmentCost:
    """Return what a start costs: fuel, allowances, auxiliary power, adders."""
    return CommitmentCost(
        times(fuel_mmbtu, heat.fuel),
        times(fuel_mmbtu, heat.ghg),
        times(power_mwh, power_price),
        NONE,
        mma,
        oc,
    )


@implements("BRQ-0523", source="RA rule book 3.3, proxy cost")
def min_load_cost(
    *,
    pmin_mw: Decimal,
    heat_rate: Decimal,
    heat: HeatPrice,
    om: Decimal,
    mma: Decimal,
    oc: Decimal,
    average_cost: Decimal | None = None,
) -> CommitmentCost:
    """Return what an hour at minimum load costs; heat rate in Btu/kWh at Pmin, om in $/MWh.

    ``average_cost``: $/MWh of a resource without fuel price, in place of heat.
    """
    burnt = EXACT.scaleb(times(pmin_mw, heat_rate), -3)
    fuel = times(pmin_mw, average_cost) if average_cost is not None else times(burnt, heat.fuel)
    return CommitmentCost(fuel, times(burnt, heat.ghg), NONE, times(pmin_mw, om), mma, oc)


@implements("BRQ-0523", source="RA rule book 3.3 and 6.3")
def transition_cost(
    *, fuel_mmbtu: Decimal, heat: HeatPrice, mma: Decimal, oc: Decimal
) -> CommitmentCost:
    """Return what a transition costs: its fuel, its calculated MMA, its opportunity cost."""
    return CommitmentCost(
        times(fuel_mmbtu, heat.fuel), times(fuel_mmbtu, heat.ghg), NONE, NONE, mma, oc
    )


@implements("BRQ-0064", source="BRS 1.2 section 6.1.2")
def commitment_threshold(
    cost: CommitmentCost, *, volatility: Decimal, headroom: Decimal
) -> Decimal:
    """Return the reasonableness threshold of a commitment cost, exact $."""
    steady = EXACT.subtract(cost.exact, cost.fuel)
    return times(headroom, EXACT.add(steady, times(cost.fuel, volatility)))

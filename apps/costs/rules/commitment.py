"""Proxy commitment costs: what a start, an hour at minimum load and a transition cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from apps.kernel.money import cents_to_usd, half_up_cents
from apps.kernel.rulebook import implements

NONE = Decimal(0)


@dataclass(frozen=True)
class HeatPrice:
    """$ a MMBtu of fuel costs: the fuel itself and its allowances."""

    fuel: Decimal
    ghg: Decimal = NONE

    def scaled(self, volatility: Decimal) -> HeatPrice:
        """Return it at a region's volatility scalar, which is of the fuel alone."""
        return HeatPrice(self.fuel * volatility, self.ghg)


@dataclass(frozen=True)
class CommitmentCost:
    """A commitment cost by its parts, exact $; ``amount`` rounds their sum once, half up to cents.

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
        return self.fuel + self.ghg + self.power + self.om + self.mma + self.oc

    @property
    def amount(self) -> Decimal:
        """The cost in dollars and cents."""
        return cents_to_usd(half_up_cents(Fraction(self.exact)))


@implements("BRQ-0523", source="RA rule book 3.3, proxy cost")
def start_up_cost(
    *, fuel_mmbtu: Decimal, heat: HeatPrice, power_mwh: Decimal, power_price: Decimal,
    mma: Decimal, oc: Decimal,
) -> CommitmentCost:  # fmt: skip
    """Return what a start costs: fuel, allowances, auxiliary power, adders."""
    return CommitmentCost(
        fuel_mmbtu * heat.fuel, fuel_mmbtu * heat.ghg, power_mwh * power_price, NONE, mma, oc
    )


@implements("BRQ-0523", source="RA rule book 3.3, proxy cost")
def min_load_cost(
    *, pmin_mw: Decimal, heat_rate: Decimal, heat: HeatPrice, om: Decimal, mma: Decimal,
    oc: Decimal, average_cost: Decimal | None = None,
) -> CommitmentCost:  # fmt: skip
    """Return what an hour at minimum load costs; heat rate in Btu/kWh at Pmin, om in $/MWh.

    ``average_cost``: $/MWh of a resource without fuel price, in place of heat.
    """
    burnt = pmin_mw * heat_rate / 1000
    fuel = pmin_mw * average_cost if average_cost is not None else burnt * heat.fuel
    return CommitmentCost(fuel, burnt * heat.ghg, NONE, pmin_mw * om, mma, oc)


@implements("BRQ-0523", source="RA rule book 3.3 and 6.3")
def transition_cost(
    *, fuel_mmbtu: Decimal, heat: HeatPrice, mma: Decimal, oc: Decimal
) -> CommitmentCost:
    """Return what a transition costs: its fuel, its calculated MMA, its opportunity cost."""
    return CommitmentCost(fuel_mmbtu * heat.fuel, fuel_mmbtu * heat.ghg, NONE, NONE, mma, oc)


@implements("BRQ-0064", source="BRS 1.2 section 6.1.2")
def commitment_threshold(
    cost: CommitmentCost, *, volatility: Decimal, headroom: Decimal
) -> Decimal:
    """Return the reasonableness threshold of a commitment cost, exact $."""
    return headroom * (cost.exact - cost.fuel + cost.fuel * volatility)

"""The netting identity: market costs, adders and revenues against the capacity payment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    NotNegative,
    Outputs,
    Row,
    Text,
    Usd,
    Violation,
    field,
    twice,
)
from apps.platform.core.money import cents_to_usd, half_up_cents
from apps.platform.core.rulebook import implements

ZERO = Fraction(0)


@dataclass(frozen=True)
class MarketDay:
    """Costs and revenues of one resource in one market (IFM, or RUC with RTM) and trade date.

    All in exact dollars. ``cost``: bid-in cost with adders. ``adders``: MMA and OC within it.
    ``own_cost``, ``own_revenue``: self-scheduled energy at its default energy bid less opportunity
    cost, and what the market paid for it; both count in the excess test alone.
    """

    market: str
    cost: Fraction
    adders: Fraction
    revenue: Fraction
    own_cost: Fraction = ZERO
    own_revenue: Fraction = ZERO


@dataclass(frozen=True)
class MarketNet:
    """One market netted: ``bcr`` is the uplift, ``excess`` what reduces the capacity payment."""

    market: str
    counted: Fraction
    adjusted: Fraction
    net: Fraction
    bcr: Fraction
    excess: Fraction
    true_up: Fraction
    margin: Fraction


@dataclass(frozen=True)
class CapacityNet:
    """The capacity lines of a resource and day in cents, statement sign, and their sum."""

    cap: int
    adder: int
    excess: int
    bcr: Mapping[str, int]

    @property
    def net(self) -> int:
        """What the owner keeps of the capacity payment in cents, positive to the owner."""
        return -(self.cap + self.adder + self.excess)


@implements("BRQ-1225", "BRQ-1255", "MSIM-2010", source="settlement rule book 3.4")
def net_market(day: MarketDay) -> MarketNet:
    """Net one market: cost without its adders against revenue, never both uplift and excess.

    R + BCR - Excess = cost less adders in every price state, so an adder is neither paid twice nor
    taken back twice. An adder larger than the cost bid is capped at it (decision G13).
    *Interpretation*: where a day's cost is below zero (energy bought back), no adder is counted.
    """
    counted = min(day.adders, max(day.cost, ZERO))
    adjusted = day.cost - counted
    net = adjusted - day.revenue
    bcr = max(ZERO, net)
    excess = max(ZERO, day.revenue + day.own_revenue - adjusted - day.own_cost)
    true_up = min(max(counted, ZERO), excess)
    return MarketNet(day.market, counted, adjusted, net, bcr, excess, true_up, excess - true_up)


@implements("BRQ-1225", "BRQ-1255", source="settlement rule book 3.4, decisions G1 and G2")
def capacity_lines(base: Fraction, nets: Sequence[MarketNet]) -> CapacityNet:
    """Return RMR-CAP, RMR-ADDER, RMR-EXCESS and the uplift by market, each rounded once.

    base: capacity times price in exact dollars. The sum may be a charge: it is not floored.
    """
    return CapacityNet(
        cap=-half_up_cents(base),
        adder=half_up_cents(sum((n.true_up for n in nets), ZERO)),
        excess=half_up_cents(sum((n.margin for n in nets), ZERO)),
        bcr={n.market: -half_up_cents(n.bcr) for n in nets},
    )


class MarketGiven(Row):
    """A market that is netted on its own; cost with its adders."""

    market: Text = field("Its name.")
    cost_usd: Amount = field("Bid-in cost with its adders.", unit="$")
    adders_usd: NotNegative = field("Adders in the cost.", unit="$")
    revenue_usd: Amount = field("What the market paid.", unit="$")


class CapacityNettingInputs(Inputs):
    """The capacity payment of one resource and day, and its markets."""

    base_usd: NotNegative = field("Capacity times price.", unit="$")
    markets: list[MarketGiven] = field(
        "One row for each market that is netted on its own; cost with its adders.", unit="$"
    )

    def check(self) -> Iterable[Violation]:
        """Return markets that stand twice."""
        return twice((m.market for m in self.markets), "markets")


class CapacityNettingOutputs(Outputs):
    """The lines of the resource and day."""

    rmr_cap_usd: Usd = field("Capacity line; negative is a payment.", unit="$")
    rmr_adder_usd: Usd = field("Adders the market already paid.", unit="$")
    rmr_excess_usd: Usd = field("Market revenue above bid-in cost.", unit="$")
    bcr_usd: dict[str, Usd] = field("Uplift by market, negative: paid.", unit="$")
    net_capacity_usd: Usd = field("What the owner keeps, positive.", unit="$")


def capacity_netting(given: CapacityNettingInputs) -> dict[str, Any]:
    """Net the markets of one resource and day (see ``net_market``)."""
    days = [
        MarketDay(m.market, Fraction(m.cost_usd), Fraction(m.adders_usd), Fraction(m.revenue_usd))
        for m in given.markets
    ]
    lines = capacity_lines(Fraction(given.base_usd), [net_market(day) for day in days])
    return {
        "rmr_cap_usd": str(cents_to_usd(lines.cap)),
        "rmr_adder_usd": str(cents_to_usd(lines.adder)),
        "rmr_excess_usd": str(cents_to_usd(lines.excess)),
        "bcr_usd": {market: str(cents_to_usd(cents)) for market, cents in lines.bcr.items()},
        "net_capacity_usd": str(cents_to_usd(lines.net)),
    }


CAPACITY_NETTING = Calculator(
    name="capacity-netting",
    title="Capacity netting",
    meaning="Nets market costs, adders and revenues of one RMR resource and day against its "
    "capacity payment.",
    inputs=CapacityNettingInputs,
    outputs=CapacityNettingOutputs,
    example={
        "base_usd": "22000.00",
        "markets": [
            {"market": "IFM", "cost_usd": "42200", "adders_usd": "3900", "revenue_usd": "40000"}
        ],
    },
    compute=capacity_netting,
    requirements=("BRQ-1225", "BRQ-1255"),
)

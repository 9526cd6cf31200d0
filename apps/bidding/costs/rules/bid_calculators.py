"""The calculators of default energy bids: decimal strings in, a step curve out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from apps.bidding.costs.rules.energy import (
    CurvePrice,
    Point,
    check_points,
    energy_bid,
    exact_prices,
)
from apps.bidding.costs.rules.lacking import ALLOWANCE, EMISSION, GMC, VOM, lacking_of_inputs
from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Flag,
    FlagKind,
    Inputs,
    Number,
    Outputs,
    Row,
    Violation,
    field,
)
from apps.platform.core.quantity import (
    BTU_PER_KWH,
    MW,
    TONNE_PER_MMBTU,
    USD_PER_MMBTU,
    USD_PER_MWH,
    USD_PER_TONNE,
    Quantity,
    half_up,
    plain,
)

SHOWN = Quantity("SHOWN", "$/MWh", 4)


def exact(quantity: Quantity) -> Number:
    """Return the kind of a number that a quantity holds without rounding, not below zero."""
    return Number(least=0, places=quantity.places)


PriceMwh = Annotated[Decimal, exact(USD_PER_MWH)]
HeatRate = Annotated[Decimal, exact(BTU_PER_KWH)]
Output = Annotated[Decimal, exact(MW)]
Gmc = Annotated[PriceMwh | None, field("Grid management charge; without it no bid.", unit="$/MWh")]
Vom = Annotated[
    PriceMwh | None, field("Variable operation and maintenance; without it no bid.", unit="$/MWh")
]
OcEnergy = Annotated[
    PriceMwh | None,
    field("Opportunity cost adder of energy; null where none is approved.", unit="$/MWh"),
]
Eligible = Annotated[
    Annotated[bool, FlagKind("CALC-BOOL")], field("Whether the resource is eligible for it.")
]
EmissionRate = Annotated[
    Annotated[Decimal, exact(TONNE_PER_MMBTU)] | None,
    field("Emission rate, of heat rates; 0 without obligation.", unit="mtCO2e/MMBtu"),
]
Allowance = Annotated[
    Annotated[Decimal, exact(USD_PER_TONNE)] | None,
    field("Allowance price; null where the energy needs none.", unit="$/mtCO2e"),
]


class HeatPoint(Row, extra="forbid"):
    """A point of a heat-rate curve."""

    mw: Output = field("Output.", unit="MW")
    avg_heat_rate_btu_kwh: HeatRate | None = field(
        "Average heat rate.", unit="Btu/kWh", default=None
    )

    def point(self) -> Point:
        """Return the point in whole numbers."""
        return Point(MW.to_scaled(self.mw), _scaled(self.avg_heat_rate_btu_kwh, BTU_PER_KWH), None)


class CostPoint(HeatPoint, extra="forbid"):
    """A point of an average-cost curve."""

    avg_cost_usd_mwh: PriceMwh | None = field("Average cost.", unit="$/MWh", default=None)

    def point(self) -> Point:
        """Return the point in whole numbers."""
        return super().point()._replace(cost=_scaled(self.avg_cost_usd_mwh, USD_PER_MWH))


class GasDebInputs(Inputs):
    """A heat-rate curve, the gas price and the adders; what is not known is not 0."""

    points: list[HeatPoint] = field("MW rising, at most 11.")
    gas_price_usd_mmbtu: Annotated[Decimal, exact(USD_PER_MMBTU)] = field(
        "Gas price index.", unit="$/MMBtu"
    )
    gmc_usd_mwh: Gmc
    vom_usd_mwh: Vom
    oc_energy_usd_mwh: OcEnergy
    oc_eligible: Eligible
    co2e_t_mmbtu: EmissionRate
    allowance_usd_t: Allowance

    def check(self) -> Iterable[Violation]:
        """Return what is wrong with the curve, and what the bid lacks."""
        yield from check_points([p.point() for p in self.points], with_fuel=True)
        yield from _lacking(self, heats=True)


class NonGasDebInputs(Inputs):
    """An average-cost curve and the adders, where there are any."""

    points: list[CostPoint] = field("Average costs and, if any, average heat rates.")
    gmc_usd_mwh: Gmc = None
    vom_usd_mwh: Vom = None
    oc_energy_usd_mwh: OcEnergy = None
    oc_eligible: Eligible
    co2e_t_mmbtu: EmissionRate = None
    allowance_usd_t: Allowance = None

    def check(self) -> Iterable[Violation]:
        """Return what is wrong with the curve, and what the bid lacks."""
        yield from check_points([p.point() for p in self.points], with_fuel=False)
        heats = any(p.avg_heat_rate_btu_kwh is not None for p in self.points)
        yield from _lacking(self, heats=heats)


INPUT_OF = {
    GMC: "gmc_usd_mwh",
    VOM: "vom_usd_mwh",
    ALLOWANCE: "allowance_usd_t",
    EMISSION: "co2e_t_mmbtu",
}


def _lacking(given: GasDebInputs | NonGasDebInputs, *, heats: bool) -> list[Violation]:
    lacking = lacking_of_inputs(
        gmc=given.gmc_usd_mwh is not None,
        vom=given.vom_usd_mwh is not None,
        allowance=given.allowance_usd_t is not None,
        emission=given.co2e_t_mmbtu,
        heats=heats,
    )
    return [
        Violation(
            code,
            f'{INPUT_OF[part]} is blank: without the {part} there is no bid. Give it, "0" where '
            "it is 0.",
            column=INPUT_OF[part],
        )
        for code, part in lacking
    ]


class DebSegmentRow(Row, extra="forbid"):
    """A step of a default energy bid."""

    from_mw: Amount = field("Where it begins.", unit="MW")
    to_mw: Amount = field("Where it ends.", unit="MW")
    incremental_heat_rate_btu_kwh: Amount | None = field("Of the step.", unit="Btu/kWh")
    deb_usd_mwh: Amount = field("Four decimals.", unit="$/MWh")
    adjusted: Flag = field("Whether it was raised to the segment before.")


class DebOutputs(Outputs):
    """The steps of a default energy bid."""

    segments: list[DebSegmentRow] = field(
        "deb_usd_mwh with 4 decimals; adjusted where raised to the segment before."
    )


def _scaled(value: Decimal | None, quantity: Quantity) -> int | None:
    return None if value is None else quantity.to_scaled(value)


def _bid(given: GasDebInputs | NonGasDebInputs, fuel: int | None) -> dict[str, Any]:
    points = [p.point() for p in given.points]
    price = CurvePrice(
        fuel=fuel,
        emission=_scaled(given.co2e_t_mmbtu, TONNE_PER_MMBTU) or 0,
        allowance=_scaled(given.allowance_usd_t, USD_PER_TONNE) or 0,
        gmc=_scaled(given.gmc_usd_mwh, USD_PER_MWH) or 0,
        vom=_scaled(given.vom_usd_mwh, USD_PER_MWH) or 0,
        oc=(_scaled(given.oc_energy_usd_mwh, USD_PER_MWH) or 0) if given.oc_eligible else 0,
    )
    return {
        "segments": [
            {
                "from_mw": plain(MW.from_scaled(s.from_mw)),
                "to_mw": plain(MW.from_scaled(s.to_mw)),
                "incremental_heat_rate_btu_kwh": None
                if s.heat_rate is None
                else plain(BTU_PER_KWH.from_scaled(s.heat_rate)),
                "deb_usd_mwh": f"{SHOWN.from_scaled(_shown(found)):f}",
                "adjusted": s.adjusted,
            }
            for s, found in zip(energy_bid(points, price), exact_prices(points, price), strict=True)
        ]
    }


def _shown(exact_price: Fraction) -> int:
    return half_up(exact_price.numerator * SHOWN.scale, exact_price.denominator)


def gas_deb(given: GasDebInputs) -> dict[str, Any]:
    """Compute a default energy bid from a heat-rate curve (see ``energy_bid``)."""
    return _bid(given, USD_PER_MMBTU.to_scaled(given.gas_price_usd_mmbtu))


def non_gas_deb(given: NonGasDebInputs) -> dict[str, Any]:
    """Compute a default energy bid from an average-cost curve (see ``energy_bid``)."""
    return _bid(given, None)


_COMMON = {
    "gmc_usd_mwh": "0.35",
    "vom_usd_mwh": "2.80",
    "oc_energy_usd_mwh": "4.00",
    "oc_eligible": True,
    "co2e_t_mmbtu": "0.053165",
    "allowance_usd_t": "17.50",
}
GAS_DEB = Calculator(
    name="gas-deb",
    title="Default energy bid, natural gas",
    meaning="The step curve of a heat-rate curve at a gas price; the scalar of RMR is 100 %.",
    inputs=GasDebInputs,
    outputs=DebOutputs,
    example={
        "points": [
            {"mw": "100", "avg_heat_rate_btu_kwh": "8000"},
            {"mw": "200", "avg_heat_rate_btu_kwh": "7500"},
            {"mw": "300", "avg_heat_rate_btu_kwh": "7600"},
        ],
        "gas_price_usd_mmbtu": "3.50",
        **_COMMON,
    },
    compute=gas_deb,
    requirements=("BRQ-0065", "BRQ-0063"),
)
NON_GAS_DEB = Calculator(
    name="non-gas-deb",
    title="Default energy bid, other fuel",
    meaning="The step curve of an average-cost curve; allowances where heat rates are given too.",
    inputs=NonGasDebInputs,
    outputs=DebOutputs,
    example={
        "points": [
            {"mw": "20", "avg_cost_usd_mwh": "65.00"},
            {"mw": "40", "avg_cost_usd_mwh": "62.00"},
            {"mw": "55", "avg_cost_usd_mwh": "61.50"},
        ],
        **_COMMON,
        "oc_energy_usd_mwh": "0",
        "co2e_t_mmbtu": "0",
        "allowance_usd_t": "0",
    },
    compute=non_gas_deb,
    requirements=("BRQ-0066", "BRQ-0063"),
)

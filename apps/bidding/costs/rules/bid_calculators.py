"""The calculators of default energy bids: decimal strings in, a step curve out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.bidding.costs.rules.energy import (
    CurvePrice,
    Point,
    check_points,
    energy_bid,
    exact_prices,
)
from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.quantity import (
    BTU_PER_KWH,
    MW,
    TONNE_PER_MMBTU,
    USD_PER_MMBTU,
    USD_PER_MWH,
    USD_PER_TONNE,
    InexactQuantity,
    Quantity,
    half_up,
    plain,
)

SHOWN = Quantity("SHOWN", "$/MWh", 4)
PRICES = (
    ("gmc_usd_mwh", USD_PER_MWH),
    ("vom_usd_mwh", USD_PER_MWH),
    ("oc_energy_usd_mwh", USD_PER_MWH),
    ("co2e_t_mmbtu", TONNE_PER_MMBTU),
    ("allowance_usd_t", USD_PER_TONNE),
)


def _scaled(document: Document, value: Any, at: str, quantity: Quantity) -> int:
    number = document.number(value, at, minimum=Decimal(0))
    try:
        return quantity.to_scaled(number)
    except InexactQuantity:
        document.findings.add(
            "CALC-DECIMALS", f"{at} holds at most {quantity.places} decimals.", column=at
        )
        return 0


def _optional(
    document: Document, row: Mapping[str, Any], name: str, at: str, quantity: Quantity
) -> int | None:
    if row.get(name) is None:
        return None
    return _scaled(document, row[name], f"{at}.{name}", quantity)


def _points(document: Document, names: tuple[str, ...]) -> list[Point]:
    points = []
    for number, row in enumerate(document.rows("points"), 1):
        at = f"points[{number}]"
        if not isinstance(row, dict):
            document.findings.add("CALC-SHAPE", f"{at} must be a JSON object.", column=at)
            continue
        for name in row:
            if name not in names:
                document.findings.add(
                    "CALC-UNKNOWN", f"{at} has no field {str(name)[:60]!r}.", column=at
                )
        points.append(
            Point(
                _scaled(document, row.get("mw"), f"{at}.mw", MW),
                _optional(document, row, "avg_heat_rate_btu_kwh", at, BTU_PER_KWH),
                _optional(document, row, "avg_cost_usd_mwh", at, USD_PER_MWH)
                if "avg_cost_usd_mwh" in names
                else None,
            )
        )
    return points


def _bid(body: Mapping[str, Any], *, with_fuel: bool) -> dict[str, Any]:
    fuel_name = "gas_price_usd_mmbtu"
    names = ("points", "oc_eligible", *(name for name, _ in PRICES))
    point_names = ("mw", "avg_heat_rate_btu_kwh")
    document = Document.open(body, known=(*names, fuel_name) if with_fuel else names)
    points = _points(document, point_names if with_fuel else (*point_names, "avg_cost_usd_mwh"))
    values = {}
    for name, quantity in PRICES:
        raw = document.get(name) if with_fuel or name in body else "0"
        values[name] = _scaled(document, raw, name, quantity) if raw is not None else 0
    fuel = None
    if with_fuel:
        fuel = _scaled(document, document.get(fuel_name), fuel_name, USD_PER_MMBTU)
    eligible = document.get("oc_eligible")
    if not isinstance(eligible, bool):
        document.findings.add(
            "CALC-BOOL", "oc_eligible must be true or false.", column="oc_eligible"
        )
    if not document.findings.rows:
        document.findings.extend(check_points(points, with_fuel=with_fuel))
    document.close()
    price = CurvePrice(
        fuel=fuel,
        emission=values["co2e_t_mmbtu"],
        allowance=values["allowance_usd_t"],
        gmc=values["gmc_usd_mwh"],
        vom=values["vom_usd_mwh"],
        oc=values["oc_energy_usd_mwh"] if eligible else 0,
    )
    return {
        "segments": [
            {
                "from_mw": plain(MW.from_scaled(s.from_mw)),
                "to_mw": plain(MW.from_scaled(s.to_mw)),
                "incremental_heat_rate_btu_kwh": None
                if s.heat_rate is None
                else plain(BTU_PER_KWH.from_scaled(s.heat_rate)),
                "deb_usd_mwh": f"{SHOWN.from_scaled(_shown(exact)):f}",
                "adjusted": s.adjusted,
            }
            for s, exact in zip(energy_bid(points, price), exact_prices(points, price), strict=True)
        ]
    }


def _shown(exact: Fraction) -> int:
    return half_up(exact.numerator * SHOWN.scale, exact.denominator)


def gas_deb(body: Mapping[str, Any]) -> dict[str, Any]:
    """Compute a default energy bid from a heat-rate curve (see ``energy_bid``)."""
    return _bid(body, with_fuel=True)


def non_gas_deb(body: Mapping[str, Any]) -> dict[str, Any]:
    """Compute a default energy bid from an average-cost curve (see ``energy_bid``)."""
    return _bid(body, with_fuel=False)


_INPUTS = (
    Port("gmc_usd_mwh", "decimal string", "$/MWh", "Grid management charge."),
    Port("vom_usd_mwh", "decimal string", "$/MWh", "Variable operation and maintenance."),
    Port("oc_energy_usd_mwh", "decimal string", "$/MWh", "Opportunity cost adder of energy."),
    Port("oc_eligible", "true or false", "", "Whether the resource is eligible for it."),
    Port("co2e_t_mmbtu", "decimal string", "mtCO2e/MMBtu", "Emission rate; 0 without obligation."),
    Port("allowance_usd_t", "decimal string", "$/mtCO2e", "Allowance price."),
)
_OUTPUTS = (
    Port(
        "segments",
        "list",
        "",
        "from_mw, to_mw, incremental_heat_rate_btu_kwh, deb_usd_mwh with "
        "4 decimals, adjusted where raised to the segment before.",
    ),
)
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
    inputs=(
        Port("points", "list", "", "mw and avg_heat_rate_btu_kwh, MW rising, at most 11."),
        Port("gas_price_usd_mmbtu", "decimal string", "$/MMBtu", "Gas price index."),
        *_INPUTS,
    ),
    outputs=_OUTPUTS,
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
    inputs=(
        Port("points", "list", "", "mw, avg_cost_usd_mwh and, if any, avg_heat_rate_btu_kwh."),
        *_INPUTS,
    ),
    outputs=_OUTPUTS,
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

"""Which formula prices a resource: its registered fuel decides, never the columns filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.bidding.costs.rules.energy import Point
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Severity, Violation

GAS = frozenset({"GAS", "NG", "NATGAS", "NATURALGAS"})
# words by which an index says that it prices a liquid fuel; every other index is one of gas
LIQUID = ("DISTILLATE", "DIESEL", "JET", "OIL", "KEROSENE", "LIQUID")


class FuelKind(StrEnum):
    """What the Master File's FUEL_TYPE means for the formula."""

    GAS = "GAS"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


@implements("BRQ-0065", "BRQ-0066", source="BRS 1.2 section 6.1.2")
def fuel_kind(fuel_type: str | None) -> FuelKind:
    """Return whether a FUEL_TYPE is natural gas, another fuel, or not on file.

    *Interpretation*: GAS, NG and NATURAL GAS, in any case, are natural gas.
    """
    word = "".join(c for c in (fuel_type or "").upper() if c.isalnum())
    if not word:
        return FuelKind.UNKNOWN
    return FuelKind.GAS if word in GAS else FuelKind.OTHER


def is_gas_index(index: str) -> bool:
    """Return whether an index prices gas, whichever file brought the price.

    *Interpretation*: an index is one of gas unless its name says that it prices a liquid fuel.
    """
    return not any(word in index.upper() for word in LIQUID)


@dataclass(frozen=True)
class FuelFormula:
    """How a curve is priced: by a fuel index and heat rates, or by average cost; None: not."""

    by_heat: bool | None
    violations: tuple[Violation, ...] = ()


@implements("BRQ-0065", "BRQ-0066", source="RA rule book 3.2")
def formula_of(
    fuel_type: str, points: Sequence[Point], *, index: str, gas_index: bool
) -> FuelFormula:
    """Return the formula of a curve: gas by heat rates, any other fuel by average cost.

    index: the fuel index of the resource's region; gas_index: it is an
    index of published gas prices. *Interpretation*: without FUEL_TYPE no formula is chosen, the
    default energy bid is held. *Interpretation*: another fuel with heat rates alone is priced by an
    index of its own fuel (BRQ-0067), never by one of gas.
    """
    kind = fuel_kind(fuel_type)
    with_cost = any(p.cost is not None for p in points)
    with_heat = any(p.heat_rate is not None for p in points)
    if kind is FuelKind.UNKNOWN:
        return _none(
            "RMR-E-0065T",
            "The Master File gives no FUEL_TYPE, so no formula can be "
            "chosen (gas: BRQ-0065, others: BRQ-0066). No bid is calculated.",
        )
    if kind is FuelKind.GAS:
        if not with_heat:
            return _none(
                "RMR-E-0065H",
                "A gas resource is priced by heat rates, and none is on "
                "file (AVG_HEAT_RATE_BTU_KWH). No bid is calculated.",
            )
        unused = Violation(
            "RMR-W-0065C",
            "AVG_COST_USD_MWH is on file and not used: a gas resource is priced by "
            "heat rates and its gas index. Leave it blank, or correct FUEL_TYPE.",
            severity=Severity.WARNING,
        )
        return FuelFormula(True, (unused,) if with_cost else ())
    if with_cost:
        return FuelFormula(False)
    if gas_index:
        return _none(
            "RMR-E-0065N",
            f"Fuel {fuel_type} needs AVG_COST_USD_MWH, or an index of "
            f"its own: {index} is of gas. No bid is calculated.",
        )
    return FuelFormula(True)


def _none(code: str, message: str) -> FuelFormula:
    return FuelFormula(None, (Violation(code, message),))

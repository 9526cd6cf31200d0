"""What of an actual fuel cost is recovered: the part above the ISO's cost basis."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    NotNegative,
    OneOf,
    Outputs,
    Usd,
    field,
)
from apps.platform.core.money import cents_to_usd, half_up_cents
from apps.platform.core.rulebook import implements

LITERAL, UNCOVERED = "LITERAL", "UNCOVERED"
READINGS = (LITERAL, UNCOVERED)
ZERO = Fraction(0)


@implements("BRQ-1275", source="BRS 1.2 section 6.4.1; settlement rule book 10.3")
def recovered(
    mwh: Fraction, *, basis: Fraction, actual: Fraction, lmp: Fraction, reading: str = LITERAL
) -> Fraction:
    """Return the exact dollars recovered for energy of one interval; prices in $/MWh.

    LITERAL: the part of the actual cost above the basis, as far as it is not above the real-time
    LMP. UNCOVERED: the part above both the basis and the LMP. Raises ValueError for another
    reading. *Interpretation*: which of the two is meant is a dated parameter, LITERAL by default.
    """
    if reading == LITERAL:
        return mwh * max(ZERO, min(actual, lmp) - basis)
    if reading == UNCOVERED:
        return mwh * max(ZERO, actual - max(basis, lmp))
    raise ValueError(f"There is no reading {reading!r}.")


class FuelRecoveryInputs(Inputs):
    """Energy, its two costs and its price."""

    mwh: NotNegative = field("Energy it was burnt for.", unit="MWh")
    basis_usd: Amount = field("The ISO's cost basis.", unit="$/MWh")
    actual_usd: Amount = field("The actual cost.", unit="$/MWh")
    rt_lmp_usd: Amount = field("Real-time LMP.", unit="$/MWh")
    rule: Annotated[str, OneOf(*READINGS)] = field("Which reading of the rule.")


class FuelRecoveryOutputs(Outputs):
    """What is recovered."""

    amount_usd: Usd = field("Negative: a payment.", unit="$")


def fuel_recovery(given: FuelRecoveryInputs) -> dict[str, Any]:
    """Return what is recovered for one quantity of energy (see ``recovered``), statement sign."""
    exact = recovered(
        Fraction(given.mwh),
        basis=Fraction(given.basis_usd),
        actual=Fraction(given.actual_usd),
        lmp=Fraction(given.rt_lmp_usd),
        reading=given.rule,
    )
    return {"amount_usd": str(cents_to_usd(-half_up_cents(exact)))}


FUEL_RECOVERY = Calculator(
    name="fuel-recovery",
    title="Fuel cost recovery",
    meaning="What of an actual fuel cost above the ISO's cost basis is recovered.",
    inputs=FuelRecoveryInputs,
    outputs=FuelRecoveryOutputs,
    example={
        "mwh": "500",
        "basis_usd": "38.20",
        "actual_usd": "46.90",
        "rt_lmp_usd": "42.00",
        "rule": "LITERAL",
    },
    compute=fuel_recovery,
    requirements=("BRQ-1275",),
)

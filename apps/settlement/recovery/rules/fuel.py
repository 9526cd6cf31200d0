"""What of an actual fuel cost is recovered: the part above the ISO's cost basis."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, half_up_cents
from apps.platform.kernel.rulebook import implements

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


def fuel_recovery(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is recovered for one quantity of energy (see ``recovered``), statement sign."""
    known = ("mwh", "basis_usd", "actual_usd", "rt_lmp_usd", "rule")
    document = Document.open(body, known=known)
    mwh = document.number(document.get("mwh"), "mwh", minimum=Decimal(0))
    basis, actual, lmp = (
        document.number(document.get(name), name)
        for name in ("basis_usd", "actual_usd", "rt_lmp_usd")
    )
    reading = document.choice("rule", READINGS)
    document.close()
    exact = recovered(
        Fraction(mwh),
        basis=Fraction(basis),
        actual=Fraction(actual),
        lmp=Fraction(lmp),
        reading=reading,
    )
    return {"amount_usd": str(cents_to_usd(-half_up_cents(exact)))}


FUEL_RECOVERY = Calculator(
    name="fuel-recovery",
    title="Fuel cost recovery",
    meaning="What of an actual fuel cost above the ISO's cost basis is recovered.",
    inputs=(
        Port("mwh", "decimal string", "MWh", "Energy it was burnt for."),
        Port("basis_usd", "decimal string", "$/MWh", "The ISO's cost basis."),
        Port("actual_usd", "decimal string", "$/MWh", "The actual cost."),
        Port("rt_lmp_usd", "decimal string", "$/MWh", "Real-time LMP."),
        Port("rule", "LITERAL or UNCOVERED", "", "Which reading of the rule."),
    ),
    outputs=(Port("amount_usd", "decimal string", "$", "Negative: a payment."),),
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

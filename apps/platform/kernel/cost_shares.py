"""The calculator ``cost-shares``: any amount over any weights by largest remainder."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, usd_to_cents
from apps.platform.kernel.quantity import common_scale
from apps.platform.kernel.shares import split_cents


def cost_shares(body: Mapping[str, Any]) -> dict[str, Any]:
    """Share dollars over named weights so that the shares add up to the cent."""
    document = Document.open(body, known=("total_usd", "weights"))
    total = document.usd("total_usd")
    given = document.mapping("weights")
    numbers = [
        document.number(value, f"weights.{key}", minimum=Decimal(0)) for key, value in given.items()
    ]
    if "weights" in body and isinstance(body["weights"], dict) and not any(numbers):
        document.findings.add(
            "CALC-NO-WEIGHT", "At least one weight must be above zero.", column="weights"
        )
    document.close()
    weights = dict(zip(given, common_scale(numbers), strict=True))
    parts = split_cents(usd_to_cents(total), weights)
    return {"shares": {key: str(cents_to_usd(parts[key])) for key in sorted(parts)}}


COST_SHARES = Calculator(
    name="cost-shares",
    title="Cost shares",
    meaning="Shares an amount over weights by largest remainder; ties go to the lower key and the "
    "sign of the amount is kept.",
    inputs=(
        Port("total_usd", "decimal string", "$", "The amount to share, at most two decimals."),
        Port("weights", "object of decimal strings", "any", "One weight >= 0 for each key."),
    ),
    outputs=(Port("shares", "object of decimal strings", "$", "The share of each key."),),
    example={"total_usd": "100.00", "weights": {"SC_A": "1", "SC_B": "1", "SC_C": "1"}},
    compute=cost_shares,
    requirements=("BRQ-1230",),
)

"""The calculator ``cost-shares``: any amount over any weights by largest remainder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    NotNegative,
    Outputs,
    Usd,
    Violation,
    field,
)
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.quantity import common_scale
from apps.platform.core.shares import split_cents


class CostSharesInputs(Inputs):
    """An amount and the weights it is shared over."""

    total_usd: Usd = field("The amount to share, at most two decimals.", unit="$")
    weights: dict[str, NotNegative] = field("One weight >= 0 for each key.", unit="any")

    def check(self) -> Iterable[Violation]:
        """Return whether nothing has a weight."""
        if not any(self.weights.values()):
            yield Violation(
                "CALC-NO-WEIGHT", "At least one weight must be above zero.", column="weights"
            )


class CostSharesOutputs(Outputs):
    """The shares, which add up to the amount."""

    shares: dict[str, Amount] = field("The share of each key.", unit="$")


def cost_shares(given: CostSharesInputs) -> dict[str, Any]:
    """Share dollars over named weights so that the shares add up to the cent."""
    scaled = common_scale(list(given.weights.values()))
    parts = split_cents(
        usd_to_cents(given.total_usd), dict(zip(given.weights, scaled, strict=True))
    )
    return {"shares": {key: str(cents_to_usd(parts[key])) for key in sorted(parts)}}


COST_SHARES = Calculator(
    name="cost-shares",
    title="Cost shares",
    meaning="Shares an amount over weights by largest remainder; ties go to the lower key and the "
    "sign of the amount is kept.",
    inputs=CostSharesInputs,
    outputs=CostSharesOutputs,
    example={"total_usd": "100.00", "weights": {"SC_A": "1", "SC_B": "1", "SC_C": "1"}},
    compute=cost_shares,
    requirements=("BRQ-1230",),
)

"""The calculator ``daily-capacity``: the base amount of one resource and day."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Any

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    NotNegative,
    OneOf,
    Outputs,
    Row,
    Text,
    Usd,
    Violation,
    field,
    twice,
)
from apps.platform.core.money import cents_to_usd, half_up_cents
from apps.platform.core.quantity import plain
from apps.settlement.settlements.rules.capacity_payment import CapacityRow, capacity_paid


class CapacityGiven(Row):
    """Capacity of one TAC area and obligation type."""

    tac: Text = field("TAC area.")
    type: Annotated[str, OneOf("GENERIC", "FLEX")] = field("Obligation type.")
    mw: NotNegative = field("Its megawatts.", unit="MW")


class DailyCapacityInputs(Inputs):
    """The price of a contract and its capacity on a day."""

    price_usd_per_mw_day: NotNegative = field("Contract price.", unit="$/MW-day")
    rows: list[CapacityGiven] = field("Capacity by TAC area and GENERIC or FLEX.", unit="MW")

    def check(self) -> Iterable[Violation]:
        """Return rows that stand twice."""
        return twice(((r.tac, r.type) for r in self.rows), "rows")


class DailyCapacityOutputs(Outputs):
    """The capacity that is paid, and the amount."""

    capacity_mw: Amount = field("Capacity paid.", unit="MW")
    rmr_cap_usd: Usd = field("Capacity line; negative is a payment.", unit="$")


def daily_capacity(given: DailyCapacityInputs) -> dict[str, Any]:
    """Return capacity and amount of a day (see ``capacity_paid``), statement sign."""
    rows = [CapacityRow(r.tac, r.type, r.mw) for r in given.rows]
    _, capacity, _ = capacity_paid(rows, basis="MAX")
    cents = half_up_cents(Fraction(capacity) * Fraction(given.price_usd_per_mw_day))
    return {"capacity_mw": plain(capacity), "rmr_cap_usd": str(cents_to_usd(-cents))}


DAILY_CAPACITY = Calculator(
    name="daily-capacity",
    title="Daily capacity payment",
    meaning="Capacity of a new-tariff RMR resource times its price for one day; a megawatt with "
    "both obligation types is paid once.",
    inputs=DailyCapacityInputs,
    outputs=DailyCapacityOutputs,
    example={
        "price_usd_per_mw_day": "220",
        "rows": [
            {"tac": "PGE-TAC", "type": "GENERIC", "mw": "100"},
            {"tac": "PGE-TAC", "type": "FLEX", "mw": "80"},
        ],
    },
    compute=daily_capacity,
    requirements=("BRQ-1210", "BRQ-1225"),
)

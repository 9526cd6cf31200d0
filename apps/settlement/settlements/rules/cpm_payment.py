"""What a CPM designation is paid for a month."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Any

from apps.platform.core.calculator import (
    Calculator,
    Inputs,
    NotNegative,
    Outputs,
    Usd,
    Violation,
    Whole,
    field,
)
from apps.platform.core.money import cents_to_usd, half_up_cents
from apps.platform.core.rulebook import implements


@implements("BRQ-1320", source="settlement rule book 9.2 (to be verified)")
def cpm_payment(mw: Fraction, price: Fraction, days: int, days_in_month: int) -> Fraction:
    """Return the exact payment in dollars: MW, $/kW-month, and the days designated of the month."""
    return mw * 1000 * price * Fraction(days, days_in_month)


class CpmAmountInputs(Inputs):
    """A CPM designation in a month."""

    mw: NotNegative = field("Designated capacity.", unit="MW")
    price_usd_kw_month: NotNegative = field("Its price.", unit="$/kW-month")
    days_designated: Annotated[int, Whole(0, 31)] = field(
        "Days of the month it was designated.", unit="days"
    )
    days_in_month: Annotated[int, Whole(28, 31)] = field("Days of the month.", unit="days")

    def check(self) -> Iterable[Violation]:
        """Return whether it was designated on more days than the month has."""
        if self.days_designated > self.days_in_month:
            yield Violation(
                "CALC-RANGE",
                "days_designated is more than the month has.",
                column="days_designated",
            )


class CpmAmountOutputs(Outputs):
    """The amount of the month."""

    amount_usd: Usd = field("Negative: a payment.", unit="$")


def cpm_amount(given: CpmAmountInputs) -> dict[str, Any]:
    """Return the amount of a month (see ``cpm_payment``), statement sign."""
    exact = cpm_payment(
        Fraction(given.mw),
        Fraction(given.price_usd_kw_month),
        given.days_designated,
        given.days_in_month,
    )
    return {"amount_usd": str(cents_to_usd(-half_up_cents(exact)))}


CPM_AMOUNT = Calculator(
    name="cpm-amount",
    title="CPM payment",
    meaning="What a CPM designation is paid for a month, by the days it was designated.",
    inputs=CpmAmountInputs,
    outputs=CpmAmountOutputs,
    example={"mw": "80", "price_usd_kw_month": "6.31", "days_designated": 30, "days_in_month": 31},
    compute=cpm_amount,
    requirements=("BRQ-1320",),
)

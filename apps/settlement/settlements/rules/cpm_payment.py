"""What a CPM designation is paid for a month."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, half_up_cents
from apps.platform.kernel.rulebook import implements


@implements("BRQ-1320", source="settlement rule book 9.2 (to be verified)")
def cpm_payment(mw: Fraction, price: Fraction, days: int, days_in_month: int) -> Fraction:
    """Return the exact payment in dollars: MW, $/kW-month, and the days designated of the month."""
    return mw * 1000 * price * Fraction(days, days_in_month)


def cpm_amount(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the amount of a month (see ``cpm_payment``), statement sign."""
    document = Document.open(
        body, known=("mw", "price_usd_kw_month", "days_designated", "days_in_month")
    )
    mw = document.number(document.get("mw"), "mw", minimum=Decimal(0))
    price = document.number(
        document.get("price_usd_kw_month"), "price_usd_kw_month", minimum=Decimal(0)
    )
    days = document.whole("days_designated", minimum=0, maximum=31)
    month = document.whole("days_in_month", minimum=28, maximum=31)
    if days > month and not document.findings.rows:
        document.findings.add(
            "CALC-RANGE", "days_designated is more than the month has.", column="days_designated"
        )
    document.close()
    exact = cpm_payment(Fraction(mw), Fraction(price), days, month)
    return {"amount_usd": str(cents_to_usd(-half_up_cents(exact)))}


CPM_AMOUNT = Calculator(
    name="cpm-amount",
    title="CPM payment",
    meaning="What a CPM designation is paid for a month, by the days it was designated.",
    inputs=(
        Port("mw", "decimal string", "MW", "Designated capacity."),
        Port("price_usd_kw_month", "decimal string", "$/kW-month", "Its price."),
        Port("days_designated", "whole number", "days", "Days of the month it was designated."),
        Port("days_in_month", "whole number", "days", "Days of the month."),
    ),
    outputs=(Port("amount_usd", "decimal string", "$", "Negative: a payment."),),
    example={"mw": "80", "price_usd_kw_month": "6.31", "days_designated": 30, "days_in_month": 31},
    compute=cpm_amount,
    requirements=("BRQ-1320",),
)

"""The calculator ``daily-capacity``: the base amount of one resource and day."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, half_up_cents
from apps.platform.kernel.quantity import plain
from apps.settlement.settlements.rules.capacity_payment import CapacityRow, capacity_paid

TYPES = ("GENERIC", "FLEX")


def daily_capacity(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return capacity and amount of a day (see ``capacity_paid``), statement sign."""
    document = Document.open(body, known=("price_usd_per_mw_day", "rows"))
    price = document.number(
        document.get("price_usd_per_mw_day"), "price_usd_per_mw_day", minimum=Decimal(0)
    )
    rows: list[CapacityRow] = []
    for position, row in enumerate(document.rows("rows")):
        at = f"rows[{position}]"
        if not isinstance(row, dict):
            document.findings.add("CALC-SHAPE", f"{at} must be an object.", column=at)
            continue
        tac, kind = document.text(row, "tac", at), row.get("type")
        if kind not in TYPES:
            document.findings.add(
                "CALC-CHOICE", f"{at}.type must be GENERIC or FLEX.", column=f"{at}.type"
            )
        if any((r.tac, r.obligation_type) == (tac, kind) for r in rows):
            document.findings.add("CALC-DOUBLE", f"{at}: {tac} {kind} stands twice.", column=at)
        mw = document.number(row.get("mw"), f"{at}.mw", minimum=Decimal(0))
        rows.append(CapacityRow(tac, str(kind), mw))
    document.close()
    _, capacity, _ = capacity_paid(rows, basis="MAX")
    cents = half_up_cents(Fraction(capacity) * Fraction(price))
    return {"capacity_mw": plain(capacity), "rmr_cap_usd": str(cents_to_usd(-cents))}


DAILY_CAPACITY = Calculator(
    name="daily-capacity",
    title="Daily capacity payment",
    meaning="Capacity of a new-tariff RMR resource times its price for one day; a megawatt with "
    "both obligation types is paid once.",
    inputs=(
        Port("price_usd_per_mw_day", "decimal string", "$/MW-day", "Contract price."),
        Port("rows", "list of {tac, type, mw}", "MW", "Capacity by TAC area and GENERIC or FLEX."),
    ),
    outputs=(
        Port("capacity_mw", "decimal string", "MW", "Capacity paid."),
        Port("rmr_cap_usd", "decimal string", "$", "Capacity line; negative is a payment."),
    ),
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

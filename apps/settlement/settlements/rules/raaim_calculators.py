"""The calculators ``raaim-month`` and ``raaim-pool``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, half_up_cents, usd_to_cents
from apps.platform.kernel.quantity import half_up
from apps.settlement.settlements.rules.raaim import (
    NOT_ASSESSED,
    PRICED_BY_CONTRACT,
    Assessed,
    RaaimTerms,
    carry_chain,
    settle_month,
)

BOUNDS = (Fraction("0.945"), Fraction("0.985"))  # of the worked numbers; the engine's are dated
CAP = Fraction(3)
KINDS = ("RA", "CPM", "RMR", "RMRL")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
LEAST = Decimal(0)


def _assessed(document: Document, days: int, hours: int) -> list[tuple[str, str, Assessed | None]]:
    found: list[tuple[str, str, Assessed | None]] = []
    for position, row in enumerate(document.rows("resources")):
        at = f"resources[{position}]"
        if not isinstance(row, dict):
            document.findings.add("CALC-SHAPE", f"{at} must be an object.", column=at)
            continue
        name, kind = document.text(row, "id", at), row.get("kind")
        if kind not in KINDS:
            document.findings.add(
                "CALC-CHOICE", f"{at}.kind must be one of {', '.join(KINDS)}.", column=at
            )
        if any(name == other for other, _, _ in found):
            document.findings.add("CALC-DOUBLE", f"{at}: {name} stands twice.", column=at)
        mw = document.number(row.get("mw"), f"{at}.mw", minimum=LEAST)
        lost = document.number(row.get("curtailed_mwh"), f"{at}.curtailed_mwh", minimum=LEAST)
        price = None
        if kind == PRICED_BY_CONTRACT:
            text = row.get("contract_price_usd_mw_day")
            price = Fraction(
                document.number(text, f"{at}.contract_price_usd_mw_day", minimum=LEAST)
            )
        owed = Fraction(mw) * hours
        if Fraction(lost) > owed and hours:
            document.findings.add(
                "CALC-RANGE", f"{at}.curtailed_mwh is more than was owed.", column=at
            )
        measured = kind != NOT_ASSESSED and owed > 0
        one = Assessed(name, owed, Fraction(lost), hours, days, price) if measured else None
        found.append((name, str(kind), one))
    return found


def raaim_month(body: Mapping[str, Any]) -> dict[str, Any]:
    """Settle RAAIM of one month (see ``settle_month``)."""
    document = Document.open(
        body, known=("ra_price_usd_kw_month", "days", "assessment_hours", "carry_usd", "resources")
    )
    price = document.number(
        document.get("ra_price_usd_kw_month"), "ra_price_usd_kw_month", minimum=LEAST
    )
    days = document.whole("days", minimum=28, maximum=31)
    hours = document.whole("assessment_hours", minimum=1, maximum=745)
    carry = document.usd("carry_usd")
    rows = _assessed(document, days, hours)
    document.close()
    terms = RaaimTerms(*BOUNDS, price=Fraction(price), cap=CAP)
    done = settle_month([one for _, _, one in rows if one], terms, usd_to_cents(carry))
    return {
        "resources": [
            {
                "id": name,
                "availability": _ratio(one.share) if one else None,
                "charge_usd": str(cents_to_usd(done.charges.get(name, 0))),
                "payment_usd": str(cents_to_usd(done.payments.get(name, 0))),
            }
            for name, _, one in rows
        ],
        "pool_usd": str(cents_to_usd(done.pool)),
        "rate_usd_mw_month": str(cents_to_usd(half_up_cents(done.rate))),
        "carry_usd": str(cents_to_usd(done.carry)),
    }


def _ratio(share: Fraction) -> str:
    return f"{Decimal(half_up(share.numerator * 10**6, share.denominator)).scaleb(-6):f}"


def raaim_pool(body: Mapping[str, Any]) -> dict[str, Any]:
    """Carry the pool through the months of a year (see ``carry_chain``).

    A payment to SCs is below zero, a charge above (rule book 1.1).
    """
    document = Document.open(body, known=("months",))
    months: list[tuple[str, int, int]] = []
    for position, row in enumerate(document.rows("months")):
        at = f"months[{position}]"
        if not isinstance(row, dict):
            document.findings.add("CALC-SHAPE", f"{at} must be an object.", column=at)
            continue
        month = _month(document, row, at)
        if months and month <= months[-1][0]:
            document.findings.add("CALC-ORDER", f"{at}: months stand in order.", column=at)
        cents = []
        for name in ("charges_usd", "payable_at_cap_usd"):
            usd = document.number(row.get(name), f"{at}.{name}", minimum=LEAST)
            cents.append(half_up_cents(Fraction(usd)))
        months.append((month, cents[0], cents[1]))
    document.close()
    found, residue = carry_chain(months)
    given = [row["month"] for row in body["months"]]
    return {
        "months": [
            {
                "month": as_given,
                "payment_usd": str(cents_to_usd(-m.payment)),
                "carry_usd": str(cents_to_usd(m.carry)),
            }
            for as_given, m in zip(given, found, strict=True)
        ],
        "year_end_residue_usd": str(cents_to_usd(residue)),
    }


def _month(document: Document, row: Mapping[str, Any], at: str) -> str:
    """Read a month written YYYY-MM, or its number in one year."""
    value = row.get("month")
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if text.isascii() and text.isdecimal() and len(text) < 3 and 1 <= int(text) <= 12:
        return f"0000-{int(text):02d}"
    if not MONTH.fullmatch(text):
        document.findings.add("CALC-MONTH", f"{at}.month must be written YYYY-MM.", column=at)
    return text


RAAIM_MONTH = Calculator(
    name="raaim-month",
    title="RAAIM of a month",
    meaning="Charges for availability below 94.5 %, payments above 98.5 % from the pool, at most "
    "three times the RAAIM price; new RMR is charged at its contract price, legacy not at all.",
    inputs=(
        Port("ra_price_usd_kw_month", "decimal string", "$/kW-month", "The RAAIM price."),
        Port("days", "whole number", "days", "Days of the month."),
        Port("assessment_hours", "whole number", "hours", "Assessment hours of the month."),
        Port("carry_usd", "decimal string", "$", "Carried from the month before."),
        Port(
            "resources",
            "list",
            "",
            "id, kind (RA, CPM, RMR or RMRL), mw, curtailed_mwh, and "
            "contract_price_usd_mw_day for RMR.",
        ),
    ),
    outputs=(
        Port(
            "resources",
            "list",
            "$",
            "id, availability, charge_usd (above zero), payment_usd (below zero).",
        ),
        Port("pool_usd", "decimal string", "$", "Charges and what was carried."),
        Port("rate_usd_mw_month", "decimal string", "$/MW-month", "What an eligible MW is paid."),
        Port("carry_usd", "decimal string", "$", "Carried to the next month."),
    ),
    example={
        "ra_price_usd_kw_month": "3.79",
        "days": 30,
        "assessment_hours": 105,
        "carry_usd": "0.00",
        "resources": [
            {"id": "SHORT", "kind": "RA", "mw": "100", "curtailed_mwh": "1000"},
            {
                "id": "GOOD",
                "kind": "RMR",
                "mw": "200",
                "curtailed_mwh": "0",
                "contract_price_usd_mw_day": "220",
            },
        ],
    },
    compute=raaim_month,
    requirements=("BRQ-1240", "MSIM-2020"),
)
RAAIM_POOL = Calculator(
    name="raaim-pool",
    title="RAAIM pool through a year",
    meaning="Pays each month what the cap allows and carries the rest; January starts at zero.",
    inputs=(Port("months", "list of {month, charges_usd, payable_at_cap_usd}", "$", "In order."),),
    outputs=(
        Port(
            "months",
            "list of {month, payment_usd, carry_usd}",
            "$",
            "Paid to SCs (below zero), carried on (above zero).",
        ),
        Port(
            "year_end_residue_usd",
            "decimal string",
            "$",
            "What the last month leaves: to load where it is December.",
        ),
    ),
    example={
        "months": [
            {"month": "2024-01", "charges_usd": "50000.00", "payable_at_cap_usd": "39795.00"},
            {"month": "2024-02", "charges_usd": "1000.00", "payable_at_cap_usd": "39795.00"},
        ]
    },
    compute=raaim_pool,
    requirements=("BRQ-1240",),
)

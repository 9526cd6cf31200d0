"""A payment default: security, reserve, then the creditors of the day, pro rata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, usd_to_cents
from apps.platform.kernel.rulebook import implements
from apps.platform.kernel.shares import K, split_cents


@dataclass(frozen=True)
class Waterfall:
    """How an unpaid amount was met, in cents; ``short_paid``: what creditors wait for."""

    security: int
    reserve: int
    shortfall: int
    short_paid: Mapping[str, int]


class MoreThanOwed(ValueError):
    """A shortfall exceeds what creditors are owed on the payment date."""


@implements("BRQ-1401", source="settlement rule book 12.4")
def waterfall(
    default: int, *, security: int, reserve: int, creditors: Mapping[str, int]
) -> Waterfall:
    """Meet an unpaid amount: the defaulter's security, the reserve, then creditors pro rata.

    In cents, nothing below zero. creditors: net amounts receivable on the invoice of the payment
    date. Parts add up to the shortfall to the cent. Raises MoreThanOwed.
    """
    drawn = min(default, security)
    from_reserve = min(default - drawn, reserve)
    shortfall = default - drawn - from_reserve
    if shortfall > sum(creditors.values()):
        raise MoreThanOwed("The shortfall is more than creditors are owed on this payment date.")
    parts = split_cents(shortfall, creditors) if shortfall else dict.fromkeys(creditors, 0)
    return Waterfall(drawn, from_reserve, shortfall, parts)


@implements("BRQ-1401", source="settlement rule book 12.4")
def give_back(receipt: int, short_paid: Mapping[K, int]) -> dict[K, int]:
    """Return how a later receipt goes back to those short-paid, at most what each waits for."""
    owed = sum(short_paid.values())
    paid = min(receipt, owed)
    return split_cents(paid, short_paid) if paid else dict.fromkeys(short_paid, 0)


def default_waterfall(body: Mapping[str, Any]) -> dict[str, Any]:
    """Meet a default and return a later receipt (see ``waterfall``, ``give_back``)."""
    known = ("default_usd", "security_usd", "reserve_usd", "creditors", "receipt_usd")
    document = Document.open(body, known=known)
    amounts = {}
    for name in ("default_usd", "security_usd", "reserve_usd", "receipt_usd"):
        amounts[name] = document.usd(name)
        if amounts[name] < 0:
            document.findings.add("CALC-RANGE", f"{name} must not be below 0.", column=name)
    creditors = {
        sc: document.number(value, f"creditors.{sc}", minimum=Decimal(0))
        for sc, value in document.mapping("creditors").items()
    }
    for sc, value in creditors.items():
        if value != value.quantize(Decimal("0.01")):
            document.findings.add(
                "CALC-CENTS",
                f"creditors.{sc} must not hold fractions of a cent.",
                column=f"creditors.{sc}",
            )
    document.close()
    cents = {name: usd_to_cents(value) for name, value in amounts.items()}
    try:
        met = waterfall(
            cents["default_usd"],
            security=cents["security_usd"],
            reserve=cents["reserve_usd"],
            creditors={sc: usd_to_cents(value) for sc, value in creditors.items()},
        )
    except MoreThanOwed as trouble:
        document.findings.add("CALC-RANGE", str(trouble), column="creditors")
        document.close()
        raise
    back = give_back(cents["receipt_usd"], met.short_paid)
    return {
        "security_drawn_usd": str(cents_to_usd(met.security)),
        "reserve_drawn_usd": str(cents_to_usd(met.reserve)),
        "shortfall_usd": str(cents_to_usd(met.shortfall)),
        "short_paid": {sc: str(cents_to_usd(part)) for sc, part in sorted(met.short_paid.items())},
        "returned": {sc: str(cents_to_usd(part)) for sc, part in sorted(back.items())},
    }


DEFAULT_WATERFALL = Calculator(
    name="default-waterfall",
    title="Payment default waterfall",
    meaning="How an unpaid amount is met, who is short-paid, and who gets a later receipt.",
    inputs=(
        Port("default_usd", "decimal string", "$", "What was not paid."),
        Port("security_usd", "decimal string", "$", "The defaulter's financial security."),
        Port("reserve_usd", "decimal string", "$", "Reserve account."),
        Port("creditors", "object of decimal strings", "$", "Net receivable of each SC."),
        Port("receipt_usd", "decimal string", "$", "What came in later."),
    ),
    outputs=(
        Port("security_drawn_usd", "decimal string", "$", "Drawn from the security."),
        Port("reserve_drawn_usd", "decimal string", "$", "Drawn from the reserve."),
        Port("shortfall_usd", "decimal string", "$", "What creditors wait for."),
        Port("short_paid", "object of decimal strings", "$", "By SC."),
        Port("returned", "object of decimal strings", "$", "Of the receipt, by SC."),
    ),
    example={
        "default_usd": "100000.00",
        "security_usd": "60000.00",
        "reserve_usd": "10000.00",
        "creditors": {"SC_A": "200000.00", "SC_B": "100000.00"},
        "receipt_usd": "15000.00",
    },
    compute=default_waterfall,
    requirements=("BRQ-1401",),
)

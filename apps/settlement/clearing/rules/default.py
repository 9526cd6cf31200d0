"""A payment default: security, reserve, then the creditors of the day, pro rata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.platform.core.calculator import (
    Calculator,
    Inputs,
    NotNegativeUsd,
    Outputs,
    Refused,
    Usd,
    field,
)
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.rulebook import implements
from apps.platform.core.shares import K, split_cents


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


class DefaultWaterfallInputs(Inputs):
    """What was not paid, what stands for it, and who waits for it."""

    default_usd: NotNegativeUsd = field("What was not paid.", unit="$")
    security_usd: NotNegativeUsd = field("The defaulter's financial security.", unit="$")
    reserve_usd: NotNegativeUsd = field("Reserve account.", unit="$")
    creditors: dict[str, NotNegativeUsd] = field("Net receivable of each SC.", unit="$")
    receipt_usd: NotNegativeUsd = field("What came in later.", unit="$")


class DefaultWaterfallOutputs(Outputs):
    """How the default was met, and who gets the receipt."""

    security_drawn_usd: Usd = field("Drawn from the security.", unit="$")
    reserve_drawn_usd: Usd = field("Drawn from the reserve.", unit="$")
    shortfall_usd: Usd = field("What creditors wait for.", unit="$")
    short_paid: dict[str, Usd] = field("By SC.", unit="$")
    returned: dict[str, Usd] = field("Of the receipt, by SC.", unit="$")


def default_waterfall(given: DefaultWaterfallInputs) -> dict[str, Any]:
    """Meet a default and return a later receipt (see ``waterfall``, ``give_back``)."""
    try:
        met = waterfall(
            usd_to_cents(given.default_usd),
            security=usd_to_cents(given.security_usd),
            reserve=usd_to_cents(given.reserve_usd),
            creditors={sc: usd_to_cents(value) for sc, value in given.creditors.items()},
        )
    except MoreThanOwed as trouble:
        raise Refused.because("CALC-RANGE", str(trouble), "creditors") from trouble
    back = give_back(usd_to_cents(given.receipt_usd), met.short_paid)
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
    inputs=DefaultWaterfallInputs,
    outputs=DefaultWaterfallOutputs,
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

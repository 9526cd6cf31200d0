"""Dollars and cents: the one named rounding and the two conversions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def half_up_cents(amount: Fraction) -> int:
    """Round exact dollars to whole cents, halves away from zero (the settlement rounding).

    Source: settlement rule book section 1.4; used once per settlement amount.
    """
    cents = amount * 100
    whole, rest = divmod(abs(cents.numerator), cents.denominator)
    if 2 * rest >= cents.denominator:
        whole += 1
    return whole if cents >= 0 else -whole


def cents_to_usd(cents: int) -> Decimal:
    """Return dollars with two decimals."""
    return Decimal(cents).scaleb(-2).quantize(CENT, rounding=ROUND_HALF_UP)


def usd_to_cents(usd: Decimal) -> int:
    """Return whole cents of an amount that has at most two decimals; else raise ValueError."""
    scaled = usd.scaleb(2)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{usd} has fractions of a cent")
    return int(scaled)

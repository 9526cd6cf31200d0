"""Availability of a month, and what RAAIM would charge for it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from apps.platform.core.effective import parameter
from apps.platform.core.rulebook import implements

LOWER_BOUND = parameter("availability.lower_bound")
RAAIM_PRICE = parameter("availability.raaim_price")
CENT = Decimal("0.01")
PLACES = Decimal("0.000001")


def availability_share(obligation: Decimal, curtailed: Decimal) -> Decimal | None:
    """Return available over owed, at six decimals; None without an obligation."""
    if obligation <= 0:
        return None
    return ((obligation - curtailed) / obligation).quantize(PLACES, rounding=ROUND_HALF_UP)


@implements("BRQ-0030", "BRQ-0216", source="settlement rule book 5.3")
def charge_estimate(
    *, share: Decimal, average: Decimal, lower: Decimal, monthly_price: Decimal
) -> Decimal:
    """Return an estimate of the RAAIM charge of a month in dollars, to the cent.

    share: availability. average: average MW of the obligation over assessed hours. monthly_price:
    $/MW-month (new RMR: contract price × days; others RAAIM price × 1000). The charge itself is the
    settlement's.
    """
    short = max(lower - share, Decimal(0))
    return (short * average * monthly_price).quantize(CENT, rounding=ROUND_HALF_UP)

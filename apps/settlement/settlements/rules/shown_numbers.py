"""How the numbers of formulas are shown: dollars, megawatt-hours, and turns of residual cents."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from apps.platform.core.formula import ShownNumber, show
from apps.platform.core.money import cents_to_usd
from apps.platform.core.quantity import MWH

Line = Mapping[str, Any]


def usd_text(cents: int) -> str:
    """Return whole cents as dollars with two decimals."""
    return str(cents_to_usd(cents))


def mwh_text(steps: int) -> str:
    """Return stored steps of energy as MWh, exactly."""
    return show(Fraction(steps, MWH.scale))


def turn_numbers(rank: int, left: int, name: str = "") -> tuple[ShownNumber, ...]:
    """Return whose turn it is for a residual cent, and how many cents are left over."""
    return (
        ShownNumber(f"Rank{name}", "turn by the remainder, ties to the lower code", str(rank)),
        ShownNumber(f"Left{name}", "cents that rounding down leaves over", str(left)),
    )

"""Flexible credits against flexible obligations, from the highest category down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation


@dataclass(frozen=True)
class Applied:
    """So many megawatts of a category of credit used for a category of obligation."""

    obligation: int
    credit: int
    mw: Decimal


@dataclass(frozen=True)
class Cascade:
    """What was applied, step by step; what is unmet and what is left, by category 1 to 3."""

    applied: tuple[Applied, ...]
    unmet: tuple[Decimal, ...]
    left: tuple[Decimal, ...]


@implements("BRQ-0121", source="BRS 1.2 section 6.2.1")
def flex_cascade(obligation: Sequence[Decimal], credit: Sequence[Decimal]) -> Cascade:
    """Fill obligations 1, 2, 3 in turn with credit of category 1 up to their own.

    obligation, credit: MW of the three categories. Credit of a category never fills an obligation
    of a higher one. Source: BRQ-0121.
    """
    need, left = list(obligation), list(credit)
    applied = []
    for o in range(3):
        for c in range(o + 1):
            mw = min(need[o], left[c])
            if mw > 0:
                need[o] -= mw
                left[c] -= mw
                applied.append(Applied(o + 1, c + 1, mw))
    return Cascade(tuple(applied), tuple(need), tuple(left))


@implements("BRQ-0121", source="BRS 1.2 section 6.2.1")
def refuse_transfer(from_lse: str, to_lse: str) -> Violation:
    """Return why a credit stays with the LSE it was given to, whoever asks for a transfer."""
    return Violation(
        "RMR-E-0121A",
        "RMR credits cannot be transferred between LSEs; what "
        f"{from_lse} holds cannot go to {to_lse}.",
        column="to_lse",
    )

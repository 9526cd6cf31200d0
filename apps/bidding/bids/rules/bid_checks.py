"""What may stand in a bid: shape of the curve, and cost-based prices only."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from apps.bidding.bids.rules.insertion import BidStep
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Severity, Violation

MOST_STEPS = 10


def check_curve(steps: Sequence[BidStep], *, pmax_mw: Decimal) -> list[Violation]:
    """Return what stands against an energy curve: order, overlaps, gaps, falling prices."""
    found = []
    if len(steps) > MOST_STEPS:
        found.append(_energy("BID-STEPS", f"A curve has at most {MOST_STEPS} segments."))
    for step in steps:
        if step.to_mw <= step.from_mw or step.from_mw < 0:
            found.append(_energy("BID-SEGMENT", f"{_mw(step)}: MW must rise within a segment."))
        if step.to_mw > pmax_mw:
            found.append(_energy("BID-PMAX", f"{_mw(step)} is above Pmax {plain(pmax_mw)} MW."))
    return found + _neighbours(steps)


def _neighbours(steps: Sequence[BidStep]) -> list[Violation]:
    found = []
    for left, right in itertools.pairwise(steps):
        if right.from_mw < left.to_mw:
            found.append(_energy("BID-OVERLAP", f"{_mw(right)} overlaps {_mw(left)}."))
        elif right.from_mw > left.to_mw:
            found.append(
                _energy("BID-GAP", f"There is a gap between {_mw(left)} and {_mw(right)}.")
            )
        if right.price < left.price:
            found.append(
                _energy(
                    "BID-FALLS",
                    f"The price falls at {plain(right.from_mw)} MW; a curve must not fall.",
                )
            )
    return found


def _mw(step: BidStep) -> str:
    return f"{plain(step.from_mw)} to {plain(step.to_mw)} MW"


def _energy(code: str, message: str) -> Violation:
    return Violation(code, message, column="energy")


@implements("BRQ-0525", source="BRS 1.2 section 6.3.1")
def check_cost_based(
    steps: Sequence[BidStep], cost: Sequence[BidStep], *, tolerance: Decimal, refuse: bool
) -> list[Violation]:
    """Return each segment that is bid above cost, with the limit; no cost curve: not checked."""
    if not cost and steps:
        return [
            Violation(
                "RMR-I-0525",
                "No cost curve is on file, so the bid was not held against cost.",
                column="energy",
                severity=Severity.INFO,
            )
        ]
    found = []
    for step in steps:
        limit = cost_limit(step, cost)
        if step.price > limit + tolerance:
            code = "RMR-E-0525" if refuse else "RMR-W-0525"
            found.append(
                Violation(
                    code,
                    f"Bid {plain(step.price)} above cost {plain(limit)} $/MWh at "
                    f"{_mw(step)}; the limit is {plain(limit + tolerance)} $/MWh.",
                    column="energy",
                    value=plain(limit + tolerance),
                    severity=Severity.ERROR if refuse else Severity.WARNING,
                )
            )
    return found


def cost_limit(step: BidStep, cost: Sequence[BidStep]) -> Decimal:
    """Return the cost at the first megawatt of a segment: what all of it may ask at most.

    A curve does not fall, so the cost where the segment begins is the least within it.
    """
    for piece in cost:
        if step.from_mw < piece.to_mw:
            return piece.price
    return cost[-1].price

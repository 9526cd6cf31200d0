"""Who can price the choice not to substitute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.platform.core.registry import Registry


@dataclass(frozen=True)
class Estimate:
    """What a month's RAAIM charge of a resource would be, with the availability it follows from."""

    availability: Decimal
    charge: Decimal
    sentence: str


# (resource, part, hypothetical substitution or None, a day of the month) -> estimate
EstimateOf = Callable[
    [int, str, "tuple[datetime, datetime, Decimal] | None", datetime], "Estimate | None"
]


ESTIMATE: Registry[EstimateOf] = Registry(
    "substitutions.estimate",
    meaning="Asked what the month of a resource would cost with a substitution, or without one.",
    limit=1,
)


def estimate_of(
    resource_id: int, part: str, choice: tuple[datetime, datetime, Decimal] | None, at: datetime
) -> Estimate | None:
    """Return what a month would cost with a choice, or without one."""
    estimate = ESTIMATE.only()
    return estimate(resource_id, part, choice, at) if estimate else None

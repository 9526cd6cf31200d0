"""Words of substitution and exemption: states, who does what, and who can price a choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.platform.accounts.terms import APPROVERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.kernel.states import Move, States

PARTS = {"GENERIC": "Generic", "FLEX": "Flexible"}
REQUESTERS = frozenset({Role.SC_ADMIN, Role.SC_USER, Role.ISO_ADMIN, Role.ISO_OPERATOR})
DECIDERS = APPROVERS | frozenset({Role.ISO_OPERATOR})
READERS = ISO_ROLES | SC_ROLES
NOBODY: frozenset[str] = frozenset()
REASON_CODES = {
    "NATURE": "Nature of work recorded wrongly",
    "TRANSMISSION": "Caused by the transmission system",
    "ISO_INSTRUCTION": "Instructed by the ISO",
    "TEST": "Test for the ISO",
    "OTHER": "Other",
}

SUBSTITUTION_STATES = States(
    initial="REQUESTED",
    moves=(
        Move("accept", "REQUESTED", "APPROVED", NOBODY),
        Move("approve", "REQUESTED", "APPROVED", DECIDERS, "Approve", second_person=True),
        Move("deny", "REQUESTED", "DENIED", DECIDERS, "Deny", second_person=True, ends=True),
        Move("withdraw", "REQUESTED", "WITHDRAWN", REQUESTERS, "Withdraw", ends=True),
        Move("cancel", "APPROVED", "CANCELLED", REQUESTERS, "Cancel the rest of it", ends=True),
    ),
)
EXEMPTION_STATES = States(
    initial="REQUESTED",
    moves=(
        Move("approve", "REQUESTED", "APPROVED", DECIDERS, "Approve", second_person=True),
        Move("deny", "REQUESTED", "DENIED", DECIDERS, "Deny", second_person=True, ends=True),
        Move("withdraw", "REQUESTED", "WITHDRAWN", REQUESTERS, "Withdraw", ends=True),
    ),
)


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
_ESTIMATE: list[EstimateOf] = []


def estimate_with(estimate: EstimateOf) -> None:
    """Say who can tell what not substituting costs; called once at start-up."""
    _ESTIMATE[:] = [estimate]


def estimate_of(
    resource_id: int, part: str, choice: tuple[datetime, datetime, Decimal] | None, at: datetime
) -> Estimate | None:
    """Return what a month would cost with a choice, or without one."""
    return _ESTIMATE[0](resource_id, part, choice, at) if _ESTIMATE else None

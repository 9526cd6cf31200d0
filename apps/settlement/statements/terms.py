"""The queue of statements, and what other apps offer to do with their lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.platform.accounts.terms import Role
from apps.platform.kernel.states import Move, States

RECEIVERS = frozenset({Role.SC_ADMIN, Role.SC_USER})
RECEIPT_STATES = States(
    initial="WAITING",
    moves=(
        Move("acknowledge", "WAITING", "ACKNOWLEDGED", RECEIVERS, "Acknowledge"),
        Move("archive", "WAITING", "ARCHIVED", RECEIVERS, "Archive"),
        Move("archive", "ACKNOWLEDGED", "ARCHIVED", RECEIVERS, "Archive"),
        Move("restore", "ARCHIVED", "ACKNOWLEDGED", RECEIVERS, "Take back to the queue"),
    ),
)


@dataclass(frozen=True)
class Offer:
    """Something a reader may do with the lines of a statement, and what stands about it.

    ``address`` takes the number of the line; without one there is only the sentence.
    """

    label: str
    sentence: str
    address: Callable[[int], str] | None = None


Offering = Callable[[Any, Any, datetime], Offer | None]
_OFFERINGS: list[Offering] = []


def offer(offering: Offering) -> None:
    """Have a function asked (viewer, statement, moment) what it offers; once at start-up."""
    if offering not in _OFFERINGS:
        _OFFERINGS.append(offering)


def offers(viewer: Any, statement: Any, at: datetime) -> list[Offer]:
    """Return what may be done with the lines of a statement."""
    found = (offering(viewer, statement, at) for offering in _OFFERINGS)
    return [o for o in found if o is not None]

"""What other apps offer to do with the lines of a statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.platform.core.registry import Registry


@dataclass(frozen=True)
class LineAction:
    """Something a reader may do with the lines of a statement, and what stands about it.

    ``address`` takes the number of the line; without one there is only the sentence.
    """

    label: str
    sentence: str
    address: Callable[[int], str] | None = None


OFFERS: Registry[Callable[[Any, Any, datetime], LineAction | None]] = Registry(
    "statements.offers",
    meaning="Asked (viewer, statement, moment) what a reader may do with the lines.",
)


def offers(viewer: Any, statement: Any, at: datetime) -> list[LineAction]:
    """Return what may be done with the lines of a statement."""
    found = (offer(viewer, statement, at) for offer in OFFERS)
    return [o for o in found if o is not None]

"""Who else holds capacity that stands in the RA column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.platform.core.registry import Registry, qualified_name
from apps.platform.core.tradetime import Span


@dataclass(frozen=True)
class HeldCapacity:
    """Megawatts of a resource that stand in the RA column on a day, and where they come from.

    source: RA, CPM, RMR or RMRL. part: GENERIC or FLEX. category: of flexible ones.
    """

    resource_id: int
    source: str
    part: str
    mw: Decimal
    label: str
    address: str = ""
    category: int | None = None
    local: bool = False


@dataclass(frozen=True)
class CapacitySource:
    """Who holds capacity: what of every resource, and on which days that may change.

    held: (day, known at) -> what is held. changes: (days, known at) -> the days among them on which
    it may be something else than on the day before, so that a year need not be asked day by day;
    first days of months need not be named.
    """

    held: Callable[[date, datetime], list[HeldCapacity]]
    changes: Callable[[Span, datetime], set[date]]


CAPACITY = Registry(
    "plans.capacity",
    meaning="The RA column, what is spare, and what availability measures are read from these.",
    of=CapacitySource,
    key=lambda source: qualified_name(source.held),
)

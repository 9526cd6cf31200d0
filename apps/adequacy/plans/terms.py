"""Words of plans: types, states, who files; and who else holds capacity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.platform.accounts.terms import ISO_ROLES, SC_ROLES, Role
from apps.platform.kernel.states import Move, States
from apps.platform.kernel.tradetime import Span

PLAN_TYPES = {"SUPPLY_PLAN": "Supply plan", "RA_PLAN": "RA plan"}
PARTS = {"GENERIC": "Generic", "FLEX": "Flexible"}
HORIZONS = {"MONTHLY": "Monthly", "ANNUAL": "Annual"}
FILERS = frozenset({Role.SC_ADMIN, Role.SC_USER, Role.ISO_ADMIN, Role.ISO_OPERATOR})
PLAN_READERS = ISO_ROLES | SC_ROLES
NOBODY: frozenset[str] = frozenset()

PLAN_STATES = States(
    initial="RECEIVED",
    moves=(
        Move("accept", "RECEIVED", "ACCEPTED", NOBODY),
        Move("refuse", "RECEIVED", "REFUSED", NOBODY),
        Move("supersede", "ACCEPTED", "SUPERSEDED", NOBODY),
        Move("withdraw", "ACCEPTED", "WITHDRAWN", FILERS, "Withdraw", ends=True),
    ),
)


@dataclass(frozen=True)
class Held:
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


# (day, known at) -> what a source holds of every resource
CapacitySource = Callable[[date, datetime], list[Held]]
# (days, known at) -> the days among them on which it may hold something else than the day before
CapacityChanges = Callable[[Span, datetime], set[date]]
_SOURCES: dict[CapacitySource, CapacityChanges] = {}


def register_capacity(source: CapacitySource, changes: CapacityChanges) -> None:
    """Have the RA column count what a source holds; called once for each at start-up.

    changes: the days of a span on which it may hold something else than on the day before, so that
    a year need not be asked day by day. First days of months need not be named.
    """
    _SOURCES.setdefault(source, changes)


def capacity_sources() -> list[CapacitySource]:
    """Return every source of capacity."""
    return list(_SOURCES)


def changes_of_sources() -> list[CapacityChanges]:
    """Return when what each source holds may change."""
    return list(_SOURCES.values())

"""Words of plans: types, states, who files."""

from __future__ import annotations

from apps.platform.accounts.codes import ISO_ROLES, SC_ROLES, Role
from apps.platform.core.states import Move, States

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

"""The workflow of disputes, and who takes part."""

from __future__ import annotations

from apps.platform.accounts.codes import ANALYSTS, Role
from apps.platform.core.states import Move, States

DISPUTERS = frozenset({Role.SC_ADMIN, Role.SC_USER})
DECIDERS = ANALYSTS
SYSTEM_ONLY: frozenset[str] = frozenset()
DISPUTE_STATES = States(
    initial="OPEN",
    moves=(
        Move("quantify", "OPEN", "OPEN", DISPUTERS, "Give the figure", optional=True),
        Move("accept", "OPEN", "ACCEPTED", DECIDERS, "Accept", second_person=True),
        Move("deny", "OPEN", "DENIED", DECIDERS, "Deny", second_person=True, ends=True),
        Move("withdraw", "OPEN", "WITHDRAWN", DISPUTERS, "Withdraw", ends=True),
        Move("lapse", "OPEN", "LAPSED", SYSTEM_ONLY, ends=True),
        Move("correct", "ACCEPTED", "CLOSED", SYSTEM_ONLY),
    ),
)

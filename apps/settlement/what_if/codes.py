"""The workflow of a what-if, and who makes one."""

from __future__ import annotations

from apps.platform.accounts.codes import ANALYSTS, CONTRACT_WRITERS
from apps.platform.core.states import Move, States

TRIERS = ANALYSTS | CONTRACT_WRITERS
WHAT_IF_STATES = States(
    initial="TRIAL", moves=(Move("discard", "TRIAL", "DISCARDED", TRIERS, "Discard", ends=True),)
)
MOST_CHANGES = 50

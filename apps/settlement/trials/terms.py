"""The workflow of a trial, and who makes one."""

from __future__ import annotations

from apps.platform.accounts.terms import ANALYSTS, CONTRACT_WRITERS
from apps.platform.kernel.states import Move, States

TRIERS = ANALYSTS | CONTRACT_WRITERS
TRIAL_STATES = States(
    initial="TRIAL", moves=(Move("discard", "TRIAL", "DISCARDED", TRIERS, "Discard", ends=True),)
)
MOST_CHANGES = 50

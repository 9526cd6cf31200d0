"""The workflow of a run."""

from __future__ import annotations

from apps.platform.accounts.codes import APPROVERS
from apps.platform.core.states import Move, States

NOBODY_BUT_THE_SYSTEM: frozenset[str] = frozenset()

RUN_STATES = States(
    initial="REQUESTED",
    moves=(
        Move("begin", "REQUESTED", "RUNNING", NOBODY_BUT_THE_SYSTEM),
        Move("seal", "RUNNING", "SEALED", NOBODY_BUT_THE_SYSTEM),
        Move("fail", "RUNNING", "FAILED", NOBODY_BUT_THE_SYSTEM),
        Move("fail", "REQUESTED", "FAILED", NOBODY_BUT_THE_SYSTEM),
        Move("publish", "SEALED", "PUBLISHED", APPROVERS, "Publish", second_person=True),
    ),
)

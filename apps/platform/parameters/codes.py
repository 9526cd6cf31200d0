"""The workflow of a proposed parameter value."""

from __future__ import annotations

from apps.platform.accounts.codes import APPROVERS, PROPOSERS
from apps.platform.core.states import Move, States

PROPOSAL_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", PROPOSERS, "Withdraw"),
    ),
)

"""Kinds, states and people of cost recovery."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.accounts.codes import APPROVERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.core.states import Move, States

DESK = "cost-recovery-requests"
READERS = ISO_ROLES | SC_ROLES
RECOVERERS = frozenset({Role.SC_ADMIN, Role.SC_USER})
REVIEWERS = frozenset({Role.ISO_ADMIN, Role.ISO_SETTLEMENTS, Role.ISO_CONTRACTS})
NOBODY: frozenset[str] = frozenset()


class RecoveryKind(StrEnum):
    """What a cost was spent on (BRQ-1265, BRQ-1270)."""

    GAS = "GAS"
    REPAIR = "REPAIR"
    MOTORING = "MOTORING"


KIND_TITLES = {
    RecoveryKind.GAS: "Actual gas cost",
    RecoveryKind.REPAIR: "Repair items",
    RecoveryKind.MOTORING: "Motoring charges",
}
REQUEST_STATES = States(
    initial="DRAFT",
    moves=(
        Move("submit", "DRAFT", "SUBMITTED", RECOVERERS, "Submit"),
        Move("revise", "DRAFT", "DRAFT", RECOVERERS, "Change the items"),
        Move("review", "SUBMITTED", "REVIEW", REVIEWERS, "Start review", second_person=True),
        Move("answer", "QUESTION", "REVIEW", RECOVERERS, "Answer"),
        Move("recommend", "REVIEW", "REVIEWED", REVIEWERS, "Recommend", second_person=True),
        Move("ask", "REVIEW", "QUESTION", REVIEWERS, "Request information"),
        Move(
            "approve",
            "REVIEWED",
            "APPROVED",
            APPROVERS,
            "Approve",
            second_person=True,
            not_by="reviewed_by",
        ),
        Move("send_back", "REVIEWED", "REVIEW", APPROVERS, "Return to review"),
        Move(
            "refuse",
            "REVIEWED",
            "REFUSED",
            APPROVERS,
            "Deny",
            second_person=True,
            not_by="reviewed_by",
            ends=True,
        ),
        *(
            Move("withdraw", state, "WITHDRAWN", RECOVERERS, "Withdraw", ends=True)
            for state in ("DRAFT", "SUBMITTED", "REVIEW", "QUESTION", "REVIEWED")
        ),
        Move("settle", "APPROVED", "SETTLED", NOBODY),
    ),
)
APPROVED_STATES = ("APPROVED", "SETTLED")
WAITING_STATES = ("SUBMITTED", "REVIEW", "QUESTION", "REVIEWED")

"""Codes and workflows of retirement and mothball notices."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.accounts.codes import SC_ROLES, Role
from apps.platform.core.states import Move, States


class LongTermState(StrEnum):
    """The long-term state of a resource."""

    OPERATING = "OPERATING"
    MOTHBALLED = "MOTHBALLED"
    RETIRED = "RETIRED"


class ReturnReason(StrEnum):
    """Why a resource comes back or stays (BRQ-0051)."""

    ECONOMICS = "ECONOMICS"
    RA_CONTRACT = "RA_CONTRACT"
    OTHER = "OTHER"


RETURN_REASONS = {
    ReturnReason.ECONOMICS: "Better economics",
    ReturnReason.RA_CONTRACT: "A new RA contract",
    ReturnReason.OTHER: "Another, as justified",
}


class Decision(StrEnum):
    """What the ISO found about a notice, as the public list tells it."""

    OPEN = "OPEN"
    NOT_NEEDED = "NOT_NEEDED"
    NEEDED = "NEEDED"
    DESIGNATED = "DESIGNATED"


DECISIONS = {
    Decision.OPEN: "under study",
    Decision.NOT_NEEDED: "not needed for reliability",
    Decision.NEEDED: "needed for reliability",
    Decision.DESIGNATED: "RMR designated",
}

CONTRACTS_DESK = frozenset({Role.ISO_ADMIN, Role.ISO_CONTRACTS})
LEGAL_DESK = frozenset({Role.ISO_ADMIN, Role.ISO_LEGAL})
MONITORS = frozenset({Role.ISO_ADMIN, Role.ISO_MONITORING})
REFERRERS = frozenset({Role.ISO_ADMIN, Role.ISO_CONTRACTS, Role.ISO_LEGAL})
REFERRAL_READERS = REFERRERS | MONITORS
FILERS = frozenset({Role.ISO_ADMIN, Role.ISO_CONTRACTS, Role.SC_ADMIN, Role.SC_USER})
NOTICE_READERS = frozenset(r for r in Role if r.startswith("ISO_")) | SC_ROLES
NOBODY: frozenset[Role] = frozenset()

NOTICE_STATES = States(
    initial="DRAFT",
    moves=(
        Move("submit", "DRAFT", "ANNOUNCED", FILERS, "Submit"),
        Move("discard", "DRAFT", "DISCARDED", FILERS, "Discard", ends=True),
        Move("complete", "ANNOUNCED", "COMPLETED", CONTRACTS_DESK, "Took effect", optional=True),
        Move("reverse", "ANNOUNCED", "REVERSED", NOBODY),
        Move("return", "COMPLETED", "RETURNED", NOBODY),
    ),
)

# Regulatory Contracts receives, Legal decides, market monitoring may look at it (BRQ-0052)
AFFIDAVIT_STATES = States(
    initial="DRAFT",
    moves=(
        Move("submit", "DRAFT", "RECEIVED", FILERS, "Submit"),
        Move("discard", "DRAFT", "DISCARDED", FILERS, "Discard", ends=True),
        Move("forward", "RECEIVED", "WITH_LEGAL", CONTRACTS_DESK, "Forward to Legal"),
        Move("ask_monitoring", "WITH_LEGAL", "DMM_REVIEW", LEGAL_DESK, "Ask market monitoring"),
        Move("answer", "DMM_REVIEW", "WITH_LEGAL", MONITORS, "Answer Legal"),
        Move(
            "close", "WITH_LEGAL", "CLOSED_NO_ACTION", LEGAL_DESK, "Close without action", ends=True
        ),
        Move("report", "WITH_LEGAL", "REPORTED", LEGAL_DESK, "Report to FERC"),
    ),
)

REFERRAL_STATES = States(
    initial="OPEN",
    moves=(Move("answer", "OPEN", "ANSWERED", MONITORS, "Answer"),),
)
TAKEN_BACK = {"ANNOUNCED": "reverse", "COMPLETED": "return"}

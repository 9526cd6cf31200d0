"""Charge codes, outcomes, datasets, run types and cases of the settlement."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.core.datasets import Dataset
from apps.platform.core.states import Move, States

DAILY = "settlements.daily"
RUN_RULES = Dataset("settlements.run_rules", "Settlement runs by trade date", "all")
RUN_DATES = Dataset("settlements.run_dates", "Published settlement dates", "all")
OPTIONAL = "OPTIONAL"

SETTLERS = frozenset({Role.ISO_ADMIN, Role.ISO_SETTLEMENTS, Role.ISO_CONTRACTS})
OWNERS = frozenset({Role.SC_ADMIN, Role.SC_USER})
READERS = ISO_ROLES | SC_ROLES
CHECKERS = SETTLERS | CONTRACT_WRITERS | APPROVERS


class ChargeCode(StrEnum):
    """The codes with tables of their own; the chain declares the others (BRQ-1225, BRQ-1230)."""

    RMR_CAP = "RMR-CAP"
    RMR_ALLOC = "RMR-ALLOC"


class ContractOutcome(StrEnum):
    """How the day of one RMR contract ended."""

    SETTLED = "SETTLED"
    LEGACY = "LEGACY"
    DATA_HOLD = "DATA_HOLD"
    UNALLOCATED_NO_LOAD = "UNALLOCATED_NO_LOAD"


HELD_OUTCOMES = (ContractOutcome.DATA_HOLD, ContractOutcome.UNALLOCATED_NO_LOAD)
"""Nothing is paid for the day until what it lacks is made good."""


MARKETS = {"IFM": "Day-ahead (IFM)", "RUCRTM": "RUC and real time"}

PENALTY_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", SETTLERS, "Withdraw", ends=True),
    ),
)
LEGACY_STATES = States(
    initial="SUBMITTED",
    moves=(
        Move("validate", "SUBMITTED", "VALIDATED", CHECKERS, "Validate", second_person=True),
        Move(
            "reject", "SUBMITTED", "REJECTED", CHECKERS, "Send back", second_person=True, ends=True
        ),
        Move("withdraw", "SUBMITTED", "WITHDRAWN", OWNERS | SETTLERS, "Withdraw", ends=True),
        Move("pay", "VALIDATED", "PAID", APPROVERS, "Mark as paid", second_person=True),
    ),
)

LATE_STATES = States(
    initial="ASKED",
    moves=(
        Move("ask_again", "ASKED", "ASKED", SETTLERS, "Ask for the runs again"),
        Move("settle", "ASKED", "SETTLED", frozenset()),
        Move("dismiss", "ASKED", "DISMISSED", APPROVERS, "Dismiss", ends=True),
    ),
)
LATE_SOURCES = {
    "RMR_PRICE": "RMR contract price",
    "RMR_ENDING": "End of an RMR designation",
    "CPM_PRICE": "CPM price",
    "COST_RECOVERY": "Cost recovery request",
}

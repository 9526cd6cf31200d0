"""Words of CPM: types, states, who does what."""

from __future__ import annotations

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.core.datasets import Dataset
from apps.platform.core.states import Move, States

FACTS = Dataset("cpm.public_facts", "CPM facts of public record", "all")
DEFICIENCIES = Dataset("cpm.deficiencies", "CPM deficiencies of LSEs", "all")
SOLICITATIONS = {"ANNUAL": "Annual", "MONTHLY": "Monthly", "INTRA_MONTHLY": "Intra-monthly"}
SOLICITATION_CHOICES = list(SOLICITATIONS.items())
TYPES = {
    "ANNUAL": "Annual deficiency",
    "MONTHLY": "Monthly deficiency",
    "EXCEPTIONAL_DISPATCH": "Exceptional dispatch",
    "SIGNIFICANT_EVENT": "Significant event",
}
REASONS = {
    "INDIVIDUAL": "Individual deficiency",
    "COLLECTIVE": "Collective deficiency",
    "LOCAL": "Local deficiency",
    "CUMULATIVE_FLEX": "Cumulative flexible deficiency",
    "RELIABILITY": "Reliability need of operations",
}
BORNE_BY_DEFICIENCY = frozenset({"INDIVIDUAL", "LOCAL", "CUMULATIVE_FLEX"})
PROCURERS = frozenset({Role.ISO_ADMIN, Role.ISO_OPERATOR, Role.ISO_CONTRACTS})
OFFERERS = frozenset({Role.SC_ADMIN, Role.SC_USER})
CPM_READERS = ISO_ROLES | SC_ROLES
NOBODY: frozenset[str] = frozenset()

SOLICITATION_STATES = States(
    initial="OPEN",
    moves=(
        Move("close", "OPEN", "CLOSED", PROCURERS, "Close to offers"),
        Move("select", "CLOSED", "SELECTED", PROCURERS, "Select at least cost"),
        Move("select", "SELECTED", "SELECTED", PROCURERS, "Select again", optional=True),
        Move(
            "approve",
            "SELECTED",
            "DESIGNATED",
            APPROVERS,
            "Approve and designate",
            second_person=True,
        ),
        Move("cancel", "OPEN", "CANCELLED", PROCURERS, "Cancel", ends=True),
        Move("cancel", "CLOSED", "CANCELLED", PROCURERS, "Cancel", ends=True),
    ),
)
OFFER_STATES = States(
    initial="SUBMITTED",
    moves=(
        Move("withdraw", "SUBMITTED", "WITHDRAWN", OFFERERS, "Withdraw", ends=True),
        Move("rate", "SUBMITTED", "SUBMITTED", PROCURERS, "Rate its effectiveness"),
        Move(
            "approve_price", "SUBMITTED", "SUBMITTED", CONTRACT_WRITERS, "Enter the approved price"
        ),
        Move("take", "SUBMITTED", "SELECTED", NOBODY),
        Move("leave", "SUBMITTED", "NOT_SELECTED", NOBODY),
    ),
)
DESIGNATION_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("designate", "PROPOSED", "DESIGNATED", NOBODY),
        Move("offer", "PROPOSED", "OFFERED", APPROVERS, "Approve and offer", second_person=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", PROCURERS, "Withdraw", ends=True),
        Move("accept", "OFFERED", "DESIGNATED", OFFERERS, "Accept: it binds"),
        Move("decline", "OFFERED", "DECLINED", OFFERERS, "Decline", ends=True),
        Move("post_report", "DESIGNATED", "DESIGNATED", PROCURERS, "Post the report"),
    ),
)
PRICE_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", CONTRACT_WRITERS, "Withdraw", ends=True),
    ),
)

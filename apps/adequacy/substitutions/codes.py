"""Words of substitution and exemption: states, who does what."""

from __future__ import annotations

from apps.platform.accounts.codes import APPROVERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.core.states import Move, States

PARTS = {"GENERIC": "Generic", "FLEX": "Flexible"}
REQUESTERS = frozenset({Role.SC_ADMIN, Role.SC_USER, Role.ISO_ADMIN, Role.ISO_OPERATOR})
DECIDERS = APPROVERS | frozenset({Role.ISO_OPERATOR})
READERS = ISO_ROLES | SC_ROLES
NOBODY: frozenset[str] = frozenset()
REASON_CODES = {
    "NATURE": "Nature of work recorded wrongly",
    "TRANSMISSION": "Caused by the transmission system",
    "ISO_INSTRUCTION": "Instructed by the ISO",
    "TEST": "Test for the ISO",
    "OTHER": "Other",
}

SUBSTITUTION_STATES = States(
    initial="REQUESTED",
    moves=(
        Move("accept", "REQUESTED", "APPROVED", NOBODY),
        Move("approve", "REQUESTED", "APPROVED", DECIDERS, "Approve", second_person=True),
        Move("deny", "REQUESTED", "DENIED", DECIDERS, "Deny", second_person=True, ends=True),
        Move("withdraw", "REQUESTED", "WITHDRAWN", REQUESTERS, "Withdraw", ends=True),
        Move("cancel", "APPROVED", "CANCELLED", REQUESTERS, "Cancel the rest of it", ends=True),
    ),
)
EXEMPTION_STATES = States(
    initial="REQUESTED",
    moves=(
        Move("approve", "REQUESTED", "APPROVED", DECIDERS, "Approve", second_person=True),
        Move("deny", "REQUESTED", "DENIED", DECIDERS, "Deny", second_person=True, ends=True),
        Move("withdraw", "REQUESTED", "WITHDRAWN", REQUESTERS, "Withdraw", ends=True),
    ),
)

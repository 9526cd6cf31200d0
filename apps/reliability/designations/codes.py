"""Codes of RMR contracts."""

from __future__ import annotations

from enum import StrEnum

from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS, ISO_ROLES, SC_ROLES, Role
from apps.platform.core.datasets import Dataset
from apps.platform.core.states import Move, States


class AllocationScope(StrEnum):
    """Which loads benefit: those of the TAC areas of the local area, or all."""

    LOCAL = "LOCAL"
    SYSTEM = "SYSTEM"


class ObligationType(StrEnum):
    """The two resource-adequacy attributes a megawatt may carry; it is still one megawatt."""

    GENERIC = "GENERIC"
    FLEX = "FLEX"


class Nonperformance(StrEnum):
    """What polices availability: RAAIM, or a penalty negotiated in the contract (BRQ-0056)."""

    RAAIM = "RAAIM"
    ALTERNATIVE = "ALTERNATIVE"


CONTRACT_TERMS = Dataset("designations.contract_terms", "RMR contract terms", "all")
PUBLIC_FACTS = Dataset("designations.public_facts", "RMR facts of public record", "all")


class Need(StrEnum):
    """What a resource is needed for; local is primary where a study found it with another."""

    LOCAL = "LOCAL"
    SYSTEM = "SYSTEM"
    FLEX = "FLEX"


class Backing(StrEnum):
    """What stands behind RMR capacity on file (BRQ-0015, BRQ-0111)."""

    DESIGNATED = "designated"
    TERMINATED = "terminated early"
    NO_TERMS = "no contract terms yet"
    NO_DESIGNATION = "no designation on file"


class Ending(StrEnum):
    """How a designation ends before its last day (BRQ-0055)."""

    LAPSE = "LAPSE"
    TERMINATE = "TERMINATE"


ENDINGS = {
    Ending.LAPSE: "Lapse: an RA contract came first",
    Ending.TERMINATE: "Terminate early",
}


class Disclosure(StrEnum):
    """Whether a decision tells a contract's terms to every SC, or ends that."""

    OPEN = "OPEN"
    CLOSE = "CLOSE"


DISCLOSURES = {
    Disclosure.OPEN: "Open: public at FERC",
    Disclosure.CLOSE: "Close",
}
NEEDS = {Need.LOCAL: "Local", Need.SYSTEM: "System", Need.FLEX: "Flexible"}
PLANNERS = frozenset({Role.ISO_ADMIN, Role.ISO_OPERATOR, Role.ISO_CONTRACTS})
DESK_READERS = ISO_ROLES | SC_ROLES

FINDING_STATES = States(
    initial="ON_FILE",
    moves=(Move("withdraw", "ON_FILE", "WITHDRAWN", PLANNERS, "Withdraw", ends=True),),
)
DESIGNATION_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "DESIGNATED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", CONTRACT_WRITERS, "Withdraw", ends=True),
        # by an approved ending alone, which two people make
        Move("lapse", "DESIGNATED", "LAPSED", APPROVERS, "Lapse", ends=True),
        Move("terminate", "DESIGNATED", "TERMINATED", APPROVERS, "Terminate early", ends=True),
        Move("shorten", "TERMINATED", "TERMINATED", APPROVERS, "End earlier", ends=True),
    ),
)
PROPOSAL_STATES = States(
    initial="PROPOSED",
    moves=(
        Move("approve", "PROPOSED", "APPROVED", APPROVERS, "Approve", second_person=True),
        Move("reject", "PROPOSED", "REJECTED", APPROVERS, "Reject", second_person=True, ends=True),
        Move("withdraw", "PROPOSED", "WITHDRAWN", CONTRACT_WRITERS, "Withdraw", ends=True),
    ),
)
PRICE_STATES = States(
    initial="PROPOSED",
    moves=(
        *PROPOSAL_STATES.moves,
        Move(
            "refresh",
            "PROPOSED",
            "PROPOSED",
            CONTRACT_WRITERS | APPROVERS,
            "Compute again",
            optional=True,
        ),
    ),
)

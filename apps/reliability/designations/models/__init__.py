"""Designations, RMR contracts with price and capacity by TAC area, and what was published."""

from apps.reliability.designations.models.cases import (
    ContractProposal,
    Designation,
    PmaxChange,
    PriceChange,
    Proposal,
    StudyFinding,
)
from apps.reliability.designations.models.contracts import (
    CapacityByTac,
    ContractPrice,
    RmrContract,
    own_on,
)
from apps.reliability.designations.models.disclosures import ContractDisclosure
from apps.reliability.designations.models.endings import DesignationEnding
from apps.reliability.designations.models.published import (
    CapacityPayload,
    DesignatedCapacity,
    PayloadPublication,
    PublicFact,
)

__all__ = [
    "CapacityByTac",
    "CapacityPayload",
    "ContractDisclosure",
    "ContractPrice",
    "ContractProposal",
    "DesignatedCapacity",
    "Designation",
    "DesignationEnding",
    "PayloadPublication",
    "PmaxChange",
    "PriceChange",
    "Proposal",
    "PublicFact",
    "RmrContract",
    "StudyFinding",
    "own_on",
]

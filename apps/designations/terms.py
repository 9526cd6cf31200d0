"""Codes of RMR contracts."""

from __future__ import annotations

from enum import StrEnum

from apps.kernel.datasets import Dataset


class Scope(StrEnum):
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

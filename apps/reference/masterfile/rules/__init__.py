"""Pure rules about the Master File."""

from apps.reference.masterfile.rules.flag_matrix import MATRIX, ContractSaid, Flags, verify_flags
from apps.reference.masterfile.rules.parts import (
    check_configurations,
    check_points,
    check_transitions,
)

__all__ = [
    "MATRIX",
    "ContractSaid",
    "Flags",
    "check_configurations",
    "check_points",
    "check_transitions",
    "verify_flags",
]

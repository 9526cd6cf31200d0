"""Pure rules of the daily settlement."""

from apps.settlements.rules.allocation import NoLoad, allocate, allocation_weights
from apps.settlements.rules.capacity_allocation import CAPACITY_ALLOCATION
from apps.settlements.rules.capacity_payment import (
    CapacityDay,
    CapacityRow,
    ContractDay,
    capacity_day,
)
from apps.settlements.rules.parameters import ALLOCATION_STEP, CAPACITY_MW_BASIS

__all__ = [
    "ALLOCATION_STEP",
    "CAPACITY_ALLOCATION",
    "CAPACITY_MW_BASIS",
    "CapacityDay",
    "CapacityRow",
    "ContractDay",
    "NoLoad",
    "allocate",
    "allocation_weights",
    "capacity_day",
]

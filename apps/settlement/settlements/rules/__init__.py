"""Pure rules of the daily settlement."""

from apps.settlement.settlements.rules.allocation import NoLoad, allocate, allocation_weights
from apps.settlement.settlements.rules.calendar import (
    RELEASE_TABLE,
    SETTLEMENT_CALENDAR,
    CalendarRule,
    ScheduledRun,
    runs_of,
)
from apps.settlement.settlements.rules.capacity_allocation import CAPACITY_ALLOCATION
from apps.settlement.settlements.rules.capacity_payment import (
    CapacityDay,
    CapacityRow,
    ContractDay,
    capacity_day,
)
from apps.settlement.settlements.rules.cpm_payment import CPM_AMOUNT, cpm_payment
from apps.settlement.settlements.rules.daily_capacity import DAILY_CAPACITY
from apps.settlement.settlements.rules.demand import Load
from apps.settlement.settlements.rules.dispatch import EXCEPTIONAL_DISPATCH
from apps.settlement.settlements.rules.energy_adjustment import MEAF
from apps.settlement.settlements.rules.netting import CAPACITY_NETTING
from apps.settlement.settlements.rules.parameters import ALLOCATION_STEP, CAPACITY_MW_BASIS
from apps.settlement.settlements.rules.raaim_calculators import RAAIM_MONTH, RAAIM_POOL

__all__ = [
    "ALLOCATION_STEP",
    "CAPACITY_ALLOCATION",
    "CAPACITY_MW_BASIS",
    "CAPACITY_NETTING",
    "CPM_AMOUNT",
    "DAILY_CAPACITY",
    "EXCEPTIONAL_DISPATCH",
    "MEAF",
    "RAAIM_MONTH",
    "RAAIM_POOL",
    "RELEASE_TABLE",
    "SETTLEMENT_CALENDAR",
    "CalendarRule",
    "CapacityDay",
    "CapacityRow",
    "ContractDay",
    "Load",
    "NoLoad",
    "ScheduledRun",
    "allocate",
    "allocation_weights",
    "capacity_day",
    "cpm_payment",
    "runs_of",
]

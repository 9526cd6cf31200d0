"""Parameters of the daily settlement: declared here, valued in the database."""

from apps.platform.core.effective import parameter

CAPACITY_MW_BASIS = parameter("settlements.capacity_mw_basis")
ALLOCATION_STEP = parameter("settlements.allocation_step")
TOLERANCE_MW = parameter("settlements.tolerance_mw")
TOLERANCE_SHARE = parameter("settlements.tolerance_share")
RAAIM_UPPER = parameter("settlements.raaim_upper_bound")
RAAIM_CAP = parameter("settlements.raaim_rate_cap")
RAAIM_CARRYOVER = parameter("settlements.raaim_carryover")
RAAIM_FROM = parameter("settlements.raaim_from")
MEAF_MINIMUM_LOAD = parameter("settlements.meaf_minimum_load")
MEAF_SELF_SCHEDULE = parameter("settlements.meaf_self_schedule")
DISPATCH_ALLOCATION = parameter("settlements.dispatch_allocation")
FEWEST_SHARERS = parameter("settlements.fewest_sharers")
CONTRACT_WITHOUT_RESULTS = parameter("settlements.contract_without_results")

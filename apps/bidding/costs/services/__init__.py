"""Prices and inputs in, calculated costs out; adders, regions and reference level requests."""

from apps.bidding.costs.services.adding import (
    AdderInput,
    RegionInput,
    adder_approve,
    check_adders,
    propose_adder,
    propose_region,
    region_approve,
    store_adders,
)
from apps.bidding.costs.services.calculating import calculate_day, calculate_reference
from apps.bidding.costs.services.curve_files import check_curves, store_curves
from apps.bidding.costs.services.curve_warnings import warn_of_curves, warn_of_records
from apps.bidding.costs.services.daily import due_days, request_due
from apps.bidding.costs.services.dated_inputs import terms_of, terms_over
from apps.bidding.costs.services.deciding import change_approve, change_approve_part, change_refuse
from apps.bidding.costs.services.files import (
    check_auctions,
    check_commitment,
    check_gas,
    check_rates,
    check_regions,
    period_of_auction,
    period_of_price,
    period_of_rate,
    store_allowances,
    store_auctions,
    store_commitment,
    store_fuel,
    store_gas,
    store_rates,
    store_regions,
)
from apps.bidding.costs.services.files_read import files_of_costs
from apps.bidding.costs.services.inputs import (
    adders_known,
    eligible_on,
    version_of,
)
from apps.bidding.costs.services.plausibility import (
    ALLOWANCE_CHECKS,
    FUEL_CHECKS,
    GAS_CHECKS,
)
from apps.bidding.costs.services.reaching import (
    gas_kept,
    reach_of_prices,
    series_kept,
)
from apps.bidding.costs.services.requesting import request_change, request_document
from apps.bidding.costs.services.thresholds import RequestInput, threshold_since

__all__ = [
    "ALLOWANCE_CHECKS",
    "FUEL_CHECKS",
    "GAS_CHECKS",
    "AdderInput",
    "RegionInput",
    "RequestInput",
    "adder_approve",
    "adders_known",
    "calculate_day",
    "calculate_reference",
    "change_approve",
    "change_approve_part",
    "change_refuse",
    "check_adders",
    "check_auctions",
    "check_commitment",
    "check_curves",
    "check_gas",
    "check_rates",
    "check_regions",
    "due_days",
    "eligible_on",
    "files_of_costs",
    "gas_kept",
    "period_of_auction",
    "period_of_price",
    "period_of_rate",
    "propose_adder",
    "propose_region",
    "reach_of_prices",
    "region_approve",
    "request_change",
    "request_document",
    "request_due",
    "series_kept",
    "store_adders",
    "store_allowances",
    "store_auctions",
    "store_commitment",
    "store_curves",
    "store_fuel",
    "store_gas",
    "store_rates",
    "store_regions",
    "terms_of",
    "terms_over",
    "threshold_since",
    "version_of",
    "warn_of_curves",
    "warn_of_records",
]

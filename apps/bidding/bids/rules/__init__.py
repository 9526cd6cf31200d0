"""Pure rules of bids and their insertion."""

from apps.bidding.bids.rules.bid_checks import check_cost_based, check_curve
from apps.bidding.bids.rules.insertion import (
    BidStep,
    Filled,
    Hour,
    Service,
    Submitted,
    Unit,
    fill_bid,
    no_insertion_because,
    shortfall,
)
from apps.bidding.bids.rules.insertion_calculator import BID_INSERTION
from apps.bidding.bids.rules.parameters import (
    BID_PARAMETERS,
    COST_CHECK,
    COST_TOLERANCE,
    DAYS_AHEAD,
    INSERTION_FLAG,
)

__all__ = [
    "BID_INSERTION",
    "BID_PARAMETERS",
    "COST_CHECK",
    "COST_TOLERANCE",
    "DAYS_AHEAD",
    "INSERTION_FLAG",
    "BidStep",
    "Filled",
    "Hour",
    "Service",
    "Submitted",
    "Unit",
    "check_cost_based",
    "check_curve",
    "fill_bid",
    "no_insertion_because",
    "shortfall",
]

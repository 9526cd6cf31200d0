"""Dated values that bid rules ask for."""

from apps.bidding.costs.rules import DA_CLOSE_HOUR, RT_CLOSE_MINUTES
from apps.platform.core.effective import parameter

INSERTION_FLAG = parameter("bids.insertion_flag")
DAYS_AHEAD = parameter("bids.days_ahead")
COST_CHECK = parameter("bids.cost_check")
COST_TOLERANCE = parameter("bids.cost_tolerance")
BID_PARAMETERS = (
    INSERTION_FLAG,
    DA_CLOSE_HOUR,
    RT_CLOSE_MINUTES,
    DAYS_AHEAD,
    COST_CHECK,
    COST_TOLERANCE,
)

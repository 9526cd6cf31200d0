"""File layouts of the costs desk."""

from apps.bidding.costs.layouts.curves import CAPOW_ROW, EPA_ROW, STEPS, WECC_ROW
from apps.bidding.costs.layouts.prices import (
    ADDER_ROW,
    ALLOWANCE_ROW,
    AUCTION_ROW,
    COMMITMENT_ROW,
    FUEL_ROW,
    GAS_ROW,
    PUBLISHED_INDICES,
    RATE_ROW,
    REGION_ROW,
)

__all__ = [
    "ADDER_ROW",
    "ALLOWANCE_ROW",
    "AUCTION_ROW",
    "CAPOW_ROW",
    "COMMITMENT_ROW",
    "EPA_ROW",
    "FUEL_ROW",
    "GAS_ROW",
    "PUBLISHED_INDICES",
    "RATE_ROW",
    "REGION_ROW",
    "STEPS",
    "WECC_ROW",
]

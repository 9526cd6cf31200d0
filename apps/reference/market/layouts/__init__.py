"""Layouts of market and meter files."""

from apps.reference.market.layouts.dispatch_shares import DISPATCH_SHARE_ROW
from apps.reference.market.layouts.load_and_prices import (
    DEMAND_ROW,
    HOLIDAY_ROW,
    HOUR_ENDING,
    LOAD_ROW,
    PRICE_ROW,
    TAC_CODES,
)
from apps.reference.market.layouts.market_results import (
    COMMITMENT_ROW,
    HOUR_ROW,
    INTERVAL_ROW,
    MOST,
    MOST_COST,
    QUARTER_ROW,
    SOURCE,
)

__all__ = [
    "COMMITMENT_ROW",
    "DEMAND_ROW",
    "DISPATCH_SHARE_ROW",
    "HOLIDAY_ROW",
    "HOUR_ENDING",
    "HOUR_ROW",
    "INTERVAL_ROW",
    "LOAD_ROW",
    "MOST",
    "MOST_COST",
    "PRICE_ROW",
    "QUARTER_ROW",
    "SOURCE",
    "TAC_CODES",
]

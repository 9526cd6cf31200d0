"""Check and keep market and meter files."""

from apps.reference.market.services.dispatch_shares import (
    SHARE_PARTS,
    check_shares,
    store_shares,
)
from apps.reference.market.services.files import (
    check_demand,
    check_load,
    check_prices,
    check_results,
    owner_of_demand,
    period_of_load,
    period_operating_date,
    period_trade_date,
    span_of_day,
    store_demand,
    store_holidays,
    store_load,
    store_prices,
    store_results,
)
from apps.reference.market.services.parts import (
    DEMAND_PARTS,
    LOAD_PARTS,
    PRICE_PARTS,
    RESULT_PARTS,
)
from apps.reference.market.services.plausibility import (
    COMMITMENT_CHECKS,
    DEMAND_CHECKS,
    LOAD_CHECKS,
    PRICE_CHECKS,
    SHARE_CHECKS,
    result_checks,
)

__all__ = [
    "COMMITMENT_CHECKS",
    "DEMAND_CHECKS",
    "DEMAND_PARTS",
    "LOAD_CHECKS",
    "LOAD_PARTS",
    "PRICE_CHECKS",
    "PRICE_PARTS",
    "RESULT_PARTS",
    "SHARE_CHECKS",
    "SHARE_PARTS",
    "check_demand",
    "check_load",
    "check_prices",
    "check_results",
    "check_shares",
    "owner_of_demand",
    "period_of_load",
    "period_operating_date",
    "period_trade_date",
    "result_checks",
    "span_of_day",
    "store_demand",
    "store_holidays",
    "store_load",
    "store_prices",
    "store_results",
    "store_shares",
]

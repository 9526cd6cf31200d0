"""Pure rules about market and meter data."""

from apps.reference.market.rules.business_days import (
    BUSINESS_DAYS,
    add_business_days,
    is_business_day,
    next_business_day,
)
from apps.reference.market.rules.set_checks import (
    check_hours,
    check_price_parts,
    check_published_hour,
    trade_hours,
)

__all__ = [
    "BUSINESS_DAYS",
    "add_business_days",
    "check_hours",
    "check_price_parts",
    "check_published_hour",
    "is_business_day",
    "next_business_day",
    "trade_hours",
]

"""Pure rules about market and meter data."""

from apps.reference.market.rules.autumn import (
    HOURS,
    by_place,
    check_numbering,
    repeated_hours,
    told_by_hours,
)
from apps.reference.market.rules.business_days import (
    BUSINESS_DAYS,
    add_business_days,
    is_business_day,
    next_business_day,
)
from apps.reference.market.rules.forecasts import check_actual
from apps.reference.market.rules.gaps import (
    Gaps,
    check_gaps,
    hourly_place,
    numbered_place,
    with_place,
)
from apps.reference.market.rules.set_checks import (
    check_hours,
    check_price_parts,
    check_published_hour,
    trade_hours,
)

__all__ = [
    "BUSINESS_DAYS",
    "HOURS",
    "Gaps",
    "add_business_days",
    "by_place",
    "check_actual",
    "check_gaps",
    "check_hours",
    "check_numbering",
    "check_price_parts",
    "check_published_hour",
    "hourly_place",
    "is_business_day",
    "next_business_day",
    "numbered_place",
    "repeated_hours",
    "told_by_hours",
    "trade_hours",
    "with_place",
]

"""Pure rules about market and meter data."""

from apps.market.rules.set_checks import (
    check_hours,
    check_price_parts,
    check_published_hour,
    trade_hours,
)

__all__ = ["check_hours", "check_price_parts", "check_published_hour", "trade_hours"]

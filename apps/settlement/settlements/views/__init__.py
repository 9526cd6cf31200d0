"""Pages of the settlement: days, explanations, the board, cost and the chain."""

from apps.settlement.settlements.views.days import (
    completeness,
    day_detail,
    explain_allocation,
    explain_charge,
    explain_payment,
    prepare_day,
    trade_dates,
)

__all__ = [
    "completeness",
    "day_detail",
    "explain_allocation",
    "explain_charge",
    "explain_payment",
    "prepare_day",
    "trade_dates",
]

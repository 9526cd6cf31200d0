"""Pages of the settlement: days, explanations, the board, cost and the chain."""

from apps.settlement.settlements.views.data_quality import data_quality, prepare_day
from apps.settlement.settlements.views.days import (
    completeness,
    day_detail,
    explain_allocation,
    explain_charge,
    explain_payment,
    trade_dates,
)

__all__ = [
    "completeness",
    "data_quality",
    "day_detail",
    "explain_allocation",
    "explain_charge",
    "explain_payment",
    "prepare_day",
    "trade_dates",
]

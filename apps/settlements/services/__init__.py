"""Settle a trade date, and explain any line of it."""

from apps.settlements.services.explaining import Unexplained, explain_line
from apps.settlements.services.previewing import price_cost
from apps.settlements.services.settling import request_day, settle_day, settle_due_days, terms_of

__all__ = [
    "Unexplained",
    "explain_line",
    "price_cost",
    "request_day",
    "settle_day",
    "settle_due_days",
    "terms_of",
]

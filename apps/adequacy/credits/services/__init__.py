"""Take in what credits follow, let credits hold, distribute them."""

from apps.adequacy.credits.services.credit_files import check_credits, store_annual, store_monthly
from apps.adequacy.credits.services.crediting import CreditInput, credit_approve, propose_credit
from apps.adequacy.credits.services.distributing import (
    distribute_period,
    input_changed,
    missing_for,
    request_distribution,
    terms_of,
)
from apps.adequacy.credits.services.files import (
    check_forecasts,
    check_obligations,
    check_shares,
    period_of_rows,
    span_of_period,
    store_forecasts,
    store_obligations,
    store_shares,
)
from apps.adequacy.credits.services.previewing import WhoGets, who_gets

__all__ = [
    "CreditInput",
    "WhoGets",
    "check_credits",
    "check_forecasts",
    "check_obligations",
    "check_shares",
    "credit_approve",
    "distribute_period",
    "input_changed",
    "missing_for",
    "period_of_rows",
    "propose_credit",
    "request_distribution",
    "span_of_period",
    "store_annual",
    "store_forecasts",
    "store_monthly",
    "store_obligations",
    "store_shares",
    "terms_of",
    "who_gets",
]

"""Pure rules of market clearing and credit."""

from apps.settlement.clearing.rules.at_least import why_at_least
from apps.settlement.clearing.rules.closing import Closing, Unmet, close_date
from apps.settlement.clearing.rules.default import (
    DEFAULT_WATERFALL,
    MoreThanOwed,
    Waterfall,
    give_back,
    waterfall,
)
from apps.settlement.clearing.rules.liability import LIABILITY, Liability
from apps.settlement.clearing.rules.loss import DEFAULT_LOSS, Measures, NothingMeasured, loss_shares
from apps.settlement.clearing.rules.parameters import (
    AVERAGE_DAYS,
    CALL_DAYS,
    CALL_SHARE,
    INVOICED_FROM,
    LOSS_QUARTERS,
    MOST_DAYS,
    UNSECURED_CAP,
    WARNING_SHARE,
)
from apps.settlement.clearing.rules.projecting import daily_shares

__all__ = [
    "AVERAGE_DAYS",
    "CALL_DAYS",
    "CALL_SHARE",
    "DEFAULT_LOSS",
    "DEFAULT_WATERFALL",
    "INVOICED_FROM",
    "LIABILITY",
    "LOSS_QUARTERS",
    "MOST_DAYS",
    "UNSECURED_CAP",
    "WARNING_SHARE",
    "Closing",
    "Liability",
    "Measures",
    "MoreThanOwed",
    "NothingMeasured",
    "Unmet",
    "Waterfall",
    "close_date",
    "daily_shares",
    "give_back",
    "loss_shares",
    "waterfall",
    "why_at_least",
]

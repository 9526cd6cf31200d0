"""Pure rules of the market's view of RMR."""

from apps.bidding.market_payloads.rules.dispatch import (
    DISPATCH_FLAG,
    cpm_alert,
    dispatch_flag,
    instruction_violation,
    mitigation,
    rmr_cd_type,
)

__all__ = [
    "DISPATCH_FLAG",
    "cpm_alert",
    "dispatch_flag",
    "instruction_violation",
    "mitigation",
    "rmr_cd_type",
]

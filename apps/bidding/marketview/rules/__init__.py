"""Pure rules of the market's view of RMR."""

from apps.bidding.marketview.rules.dispatch import (
    DISPATCH_FLAG,
    cpm_alert,
    dispatch_flag,
    instruction_finding,
    mitigation,
    rmr_cd_type,
)

__all__ = [
    "DISPATCH_FLAG",
    "cpm_alert",
    "dispatch_flag",
    "instruction_finding",
    "mitigation",
    "rmr_cd_type",
]

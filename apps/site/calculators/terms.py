"""The calculators on offer, by name."""

from __future__ import annotations

from apps.adequacy.availability.rules import AVAILABILITY_HOURS
from apps.adequacy.cpm.rules import CPM_REPORT_DUE
from apps.adequacy.credits.rules import CREDIT_DISTRIBUTION, FLEX_CASCADE
from apps.adequacy.substitutions.rules import SUBSTITUTION_CHECK
from apps.bidding.bids.rules import BID_INSERTION
from apps.bidding.costs.rules import GAS_DEB, MMA_TRANSITIONS, NON_GAS_DEB
from apps.bidding.marketview.rules import DISPATCH_FLAG
from apps.platform.kernel.calculator import Calculator
from apps.platform.kernel.cost_shares import COST_SHARES
from apps.reference.market.rules import BUSINESS_DAYS
from apps.reference.resources.rules import VINTAGE
from apps.reliability.designations.rules import CONTRACT_PRICE, DESIGNATION_DATES
from apps.reliability.retirements.rules import RETIREMENT_NOTICE
from apps.settlement.clearing.rules import DEFAULT_LOSS, DEFAULT_WATERFALL, LIABILITY
from apps.settlement.recovery.rules import FUEL_RECOVERY
from apps.settlement.settlements.rules import (
    CAPACITY_ALLOCATION,
    CAPACITY_NETTING,
    CPM_AMOUNT,
    DAILY_CAPACITY,
    EXCEPTIONAL_DISPATCH,
    MEAF,
    RAAIM_MONTH,
    RAAIM_POOL,
    SETTLEMENT_CALENDAR,
)

CALCULATORS: dict[str, Calculator] = {
    c.name: c
    for c in (
        CAPACITY_ALLOCATION,
        COST_SHARES,
        RETIREMENT_NOTICE,
        VINTAGE,
        DESIGNATION_DATES,
        CONTRACT_PRICE,
        GAS_DEB,
        NON_GAS_DEB,
        MMA_TRANSITIONS,
        BID_INSERTION,
        DISPATCH_FLAG,
        CREDIT_DISTRIBUTION,
        FLEX_CASCADE,
        SUBSTITUTION_CHECK,
        AVAILABILITY_HOURS,
        CPM_REPORT_DUE,
        CAPACITY_NETTING,
        DAILY_CAPACITY,
        MEAF,
        RAAIM_MONTH,
        RAAIM_POOL,
        EXCEPTIONAL_DISPATCH,
        CPM_AMOUNT,
        SETTLEMENT_CALENDAR,
        BUSINESS_DAYS,
        FUEL_RECOVERY,
        DEFAULT_WATERFALL,
        DEFAULT_LOSS,
        LIABILITY,
    )
}

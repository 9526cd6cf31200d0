"""The calculators on offer, by name."""

from __future__ import annotations

from apps.bids.rules import BID_INSERTION
from apps.costs.rules import GAS_DEB, MMA_TRANSITIONS, NON_GAS_DEB
from apps.designations.rules import CONTRACT_PRICE, DESIGNATION_DATES
from apps.kernel.calculator import Calculator
from apps.kernel.cost_shares import COST_SHARES
from apps.marketview.rules import DISPATCH_FLAG
from apps.resources.rules import VINTAGE
from apps.retirements.rules import RETIREMENT_NOTICE
from apps.settlements.rules import CAPACITY_ALLOCATION

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
    )
}

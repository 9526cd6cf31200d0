"""The calculators on offer, by name."""

from __future__ import annotations

from apps.designations.rules import CONTRACT_PRICE, DESIGNATION_DATES
from apps.kernel.calculator import Calculator
from apps.kernel.cost_shares import COST_SHARES
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
    )
}

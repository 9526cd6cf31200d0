"""The calculators on offer, by name."""

from __future__ import annotations

from apps.kernel.calculator import Calculator
from apps.kernel.cost_shares import COST_SHARES
from apps.settlements.rules import CAPACITY_ALLOCATION

CALCULATORS: dict[str, Calculator] = {c.name: c for c in (CAPACITY_ALLOCATION, COST_SHARES)}

"""Pure rules of cost recovery."""

from apps.settlement.cost_recovery.rules.fuel import FUEL_RECOVERY, LITERAL, READINGS, recovered
from apps.settlement.cost_recovery.rules.items import (
    CELLS,
    SHAPE,
    ItemInput,
    read_grants,
    read_items,
    row_places,
    rows_of,
)
from apps.settlement.cost_recovery.rules.parameters import (
    ANSWER_DAYS,
    COST_BASIS,
    DECISION_DAYS,
    RECOVERY_RULE,
)
from apps.settlement.cost_recovery.rules.recoverable import (
    FORMULAS,
    Claim,
    Interval,
    Recoverable,
    Segments,
    recoverable,
)

__all__ = [
    "ANSWER_DAYS",
    "CELLS",
    "COST_BASIS",
    "DECISION_DAYS",
    "FORMULAS",
    "FUEL_RECOVERY",
    "LITERAL",
    "READINGS",
    "RECOVERY_RULE",
    "SHAPE",
    "Claim",
    "Interval",
    "ItemInput",
    "Recoverable",
    "Segments",
    "read_grants",
    "read_items",
    "recoverable",
    "recovered",
    "row_places",
    "rows_of",
]

"""Pure rules of credits."""

from apps.adequacy.credits.rules.calculators import CREDIT_DISTRIBUTION, FLEX_CASCADE
from apps.adequacy.credits.rules.cascade import Applied, Cascade, flex_cascade, refuse_transfer
from apps.adequacy.credits.rules.credit_checks import (
    OVERRIDABLE,
    CreditFacts,
    check_credit,
    overridden,
    read_tac_areas,
)
from apps.adequacy.credits.rules.distribution import (
    SHARE_TOLERANCE,
    distribute,
    distribute_one,
    largest_remainder,
    share_violations,
)

__all__ = [
    "CREDIT_DISTRIBUTION",
    "FLEX_CASCADE",
    "OVERRIDABLE",
    "SHARE_TOLERANCE",
    "Applied",
    "Cascade",
    "CreditFacts",
    "check_credit",
    "distribute",
    "distribute_one",
    "flex_cascade",
    "largest_remainder",
    "overridden",
    "read_tac_areas",
    "refuse_transfer",
    "share_violations",
]

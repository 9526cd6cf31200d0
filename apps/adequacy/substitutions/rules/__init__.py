"""Pure rules of substitution."""

from apps.adequacy.substitutions.rules.calculator import SUBSTITUTION_CHECK
from apps.adequacy.substitutions.rules.checks import (
    Outaged,
    SubstituteOffer,
    check_substitution,
    needed_mw,
    refuse_rmr_substitute,
)
from apps.adequacy.substitutions.rules.timing import (
    DAY_AHEAD_HOUR,
    PLANNED_KNOWN_DAYS,
    PLANNED_LAST_DAYS,
    TIMING,
    timing,
)

__all__ = [
    "DAY_AHEAD_HOUR",
    "PLANNED_KNOWN_DAYS",
    "PLANNED_LAST_DAYS",
    "SUBSTITUTION_CHECK",
    "TIMING",
    "Outaged",
    "SubstituteOffer",
    "check_substitution",
    "needed_mw",
    "refuse_rmr_substitute",
    "timing",
]

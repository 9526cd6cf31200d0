"""Pure rules of outages."""

from apps.reference.outages.rules.curtailment import Curtailment, largest_by_hour
from apps.reference.outages.rules.report import outage_moments, outage_violations

__all__ = ["Curtailment", "largest_by_hour", "outage_moments", "outage_violations"]

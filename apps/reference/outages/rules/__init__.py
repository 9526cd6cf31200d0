"""Pure rules of outages."""

from apps.reference.outages.rules.curtailment import Curtailment, largest_by_hour
from apps.reference.outages.rules.report import outage_findings, outage_moments

__all__ = ["Curtailment", "largest_by_hour", "outage_findings", "outage_moments"]

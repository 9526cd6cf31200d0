"""Pure rules of outages."""

from apps.outages.rules.curtailment import Curtailment, largest_by_hour
from apps.outages.rules.report import outage_findings, outage_moments

__all__ = ["Curtailment", "largest_by_hour", "outage_findings", "outage_moments"]

"""Pure rules of outages."""

from apps.outages.rules.curtailment import Curtailment, largest_by_hour

__all__ = ["Curtailment", "largest_by_hour"]

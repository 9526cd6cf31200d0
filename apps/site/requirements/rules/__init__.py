"""Pure rules of traceability."""

from apps.site.requirements.rules.traceability import Requirement, gaps, state_of

__all__ = ["Requirement", "gaps", "state_of"]

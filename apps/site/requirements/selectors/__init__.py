"""What the specification asks with what answers it, and what is registered where."""

from apps.site.requirements.selectors.catalogue import catalogue, code_by_id, tests_by_id
from apps.site.requirements.selectors.registered import registered

__all__ = ["catalogue", "code_by_id", "registered", "tests_by_id"]

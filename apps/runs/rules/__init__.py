"""Pure rules of runs."""

from apps.runs.rules.publications import FIRST, link_hash
from apps.runs.rules.totals import fingerprint

__all__ = ["FIRST", "fingerprint", "link_hash"]

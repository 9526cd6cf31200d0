"""Pure rules of runs."""

from apps.platform.runs.rules.publications import FIRST, link_hash
from apps.platform.runs.rules.totals import fingerprint

__all__ = ["FIRST", "fingerprint", "link_hash"]

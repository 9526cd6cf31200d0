"""Pure rules of runs."""

from apps.platform.runs.rules.control_totals import ControlTotal, control_totals
from apps.platform.runs.rules.publications import FIRST, link_hash
from apps.platform.runs.rules.totals import fingerprint

__all__ = ["FIRST", "ControlTotal", "control_totals", "fingerprint", "link_hash"]

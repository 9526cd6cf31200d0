"""Parameters about designations."""

from apps.platform.core.effective import parameter

PMAX_TOLERANCE = parameter("rmr.pmax_tolerance_mw")

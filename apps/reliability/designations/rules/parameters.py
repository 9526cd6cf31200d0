"""Parameters about designations."""

from apps.platform.kernel.effective import parameter

PMAX_TOLERANCE = parameter("rmr.pmax_tolerance_mw")

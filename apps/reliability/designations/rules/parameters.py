"""Parameters about designations."""

from apps.platform.core.effective import parameter

PMAX_TOLERANCE = parameter("rmr.pmax_tolerance_mw")
SMALLER_PMAX = parameter("rmr.smaller_pmax")
TERMS_TOLD = parameter("rmr.terms_told")
PLAUSIBLE_PRICE_FACTOR = parameter("rmr.plausible_price_factor")
PLAUSIBLE_PRICE_LEAST = parameter("rmr.plausible_price_least")
PLAUSIBLE_PRICE_MOST = parameter("rmr.plausible_price_most")

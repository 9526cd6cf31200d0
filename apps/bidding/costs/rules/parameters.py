"""Dated values that cost rules ask for."""

from apps.platform.core.effective import parameter

DEB_SCALAR_RMR = parameter("costs.deb_scalar_rmr")
DEB_SCALAR_OTHER = parameter("costs.deb_scalar_other")
HEADROOM = parameter("costs.headroom")
CCDEBE_GO_LIVE = parameter("costs.ccdebe_go_live")
STALE_AFTER_DAYS = parameter("costs.stale_after_days")
ALLOWANCE_STALE_AFTER_DAYS = parameter("costs.allowance_stale_after_days")
REFERENCE_INDEX = parameter("costs.reference_index")
GHG_RATE = parameter("costs.gas_co2e_rate")
COST_PARAMETERS = (
    DEB_SCALAR_RMR,
    DEB_SCALAR_OTHER,
    STALE_AFTER_DAYS,
    ALLOWANCE_STALE_AFTER_DAYS,
    REFERENCE_INDEX,
    GHG_RATE,
)
PLAUSIBLE_PRICE_FACTOR = parameter("costs.plausible_price_factor")

"""Parameters of clearing and credit: declared here, valued in the database."""

from apps.platform.core.effective import parameter

WARNING_SHARE = parameter("clearing.warning_share")
CALL_SHARE = parameter("clearing.call_share")
CALL_DAYS = parameter("clearing.call_days")
UNSECURED_CAP = parameter("clearing.unsecured_cap")
AVERAGE_DAYS = parameter("clearing.average_days")
LOSS_QUARTERS = parameter("clearing.loss_quarters")
MOST_DAYS = parameter("clearing.most_days")
INVOICED_FROM = parameter("clearing.invoiced_from")

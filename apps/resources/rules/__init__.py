"""Pure rules about resources."""

from apps.resources.rules.capability_checks import check_nqc_efc
from apps.resources.rules.parameters import NEW_TARIFF_CUTOFF
from apps.resources.rules.vintage import rmr_vintage

__all__ = ["NEW_TARIFF_CUTOFF", "check_nqc_efc", "rmr_vintage"]

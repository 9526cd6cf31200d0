"""Pure rules about resources."""

from apps.resources.rules.capability_checks import check_nqc_efc
from apps.resources.rules.parameters import LEGACY_LABEL_FROM, NEW_TARIFF_CUTOFF
from apps.resources.rules.vintage import VINTAGE, credit_label, raaim_of, rmr_vintage

__all__ = [
    "LEGACY_LABEL_FROM",
    "NEW_TARIFF_CUTOFF",
    "VINTAGE",
    "check_nqc_efc",
    "credit_label",
    "raaim_of",
    "rmr_vintage",
]

"""Pure rules about resources."""

from apps.reference.resources.rules.capability_checks import check_nqc_efc
from apps.reference.resources.rules.identity import (
    KnownIds,
    Meaning,
    is_shaped,
    question,
    same_form,
    shown,
)
from apps.reference.resources.rules.parameters import LEGACY_LABEL_FROM, NEW_TARIFF_CUTOFF
from apps.reference.resources.rules.vintage import VINTAGE, credit_label, raaim_of, rmr_vintage

__all__ = [
    "LEGACY_LABEL_FROM",
    "NEW_TARIFF_CUTOFF",
    "VINTAGE",
    "KnownIds",
    "Meaning",
    "check_nqc_efc",
    "credit_label",
    "is_shaped",
    "question",
    "raaim_of",
    "rmr_vintage",
    "same_form",
    "shown",
]

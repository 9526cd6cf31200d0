"""Pure rules of CPM."""

from apps.adequacy.cpm.rules.report import CPM_REPORT_DUE, report_due
from apps.adequacy.cpm.rules.selection import (
    ADDER,
    OPTIONAL_AFTER,
    SOFT_OFFER_CAP,
    Chosen,
    Offered,
    least_cost,
    offer_violations,
)

__all__ = [
    "ADDER",
    "CPM_REPORT_DUE",
    "OPTIONAL_AFTER",
    "SOFT_OFFER_CAP",
    "Chosen",
    "Offered",
    "least_cost",
    "offer_violations",
    "report_due",
]

"""File and cancel outage cards; read outage reports and the nature-of-work table."""

from apps.reference.outages.services.filing import OutageInput, cancel_outage, file_outage
from apps.reference.outages.services.reports import (
    check_natures,
    check_report,
    current_report,
    period_of_report,
    span_of_month,
    store_natures,
    store_report,
)

__all__ = [
    "OutageInput",
    "cancel_outage",
    "check_natures",
    "check_report",
    "current_report",
    "file_outage",
    "period_of_report",
    "span_of_month",
    "store_natures",
    "store_report",
]

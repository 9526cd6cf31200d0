"""Calculate availability day by day; estimate what not substituting costs."""

from apps.adequacy.availability.services.calculating import (
    calculate_day,
    dated_inputs_over,
    terms_of,
)
from apps.adequacy.availability.services.estimating import estimate_month
from apps.adequacy.availability.services.inputs import ObligationsOfDay, gather, measure
from apps.adequacy.availability.services.standing import (
    DayStanding,
    MonthStanding,
    standing_by_month,
    standing_of,
    standing_of_day,
)
from apps.adequacy.availability.services.tables import check_hours, store_hours
from apps.adequacy.availability.services.timing import request_due, request_month, standing_of_month

__all__ = [
    "DayStanding",
    "MonthStanding",
    "ObligationsOfDay",
    "calculate_day",
    "check_hours",
    "dated_inputs_over",
    "estimate_month",
    "gather",
    "measure",
    "request_due",
    "request_month",
    "standing_by_month",
    "standing_of",
    "standing_of_day",
    "standing_of_month",
    "store_hours",
    "terms_of",
]

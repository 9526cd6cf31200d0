"""Pure rules of availability."""

from apps.adequacy.availability.rules.calculator import AVAILABILITY_HOURS
from apps.adequacy.availability.rules.charge import (
    LOWER_BOUND,
    RAAIM_PRICE,
    availability_share,
    charge_estimate,
)
from apps.adequacy.availability.rules.hourly import (
    HOUR,
    Piece,
    assessed_hours,
    average_mw,
    hourly,
    hourly_one,
)

__all__ = [
    "AVAILABILITY_HOURS",
    "HOUR",
    "LOWER_BOUND",
    "RAAIM_PRICE",
    "Piece",
    "assessed_hours",
    "availability_share",
    "average_mw",
    "charge_estimate",
    "hourly",
    "hourly_one",
]

"""Words of availability."""

from __future__ import annotations

from apps.platform.accounts.codes import ISO_ROLES, SC_ROLES
from apps.platform.core.datasets import Dataset

ASSESSMENT = Dataset("availability.assessment_hours", "Availability assessment hours", "all")
DAILY = "availability.daily"
TYPES = {"GENERIC": "Generic", "FLEX": "Flexible"}
EVERY_DAY, WEEKDAYS = "ALL_DAYS", "NON_HOLIDAY_WEEKDAYS"
READERS = ISO_ROLES | SC_ROLES

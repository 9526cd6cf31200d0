"""Until when a substitution is taken."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from apps.platform.core.effective import ParameterSet, parameter
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, first_of_month
from apps.platform.core.violations import Violation

DAY_AHEAD_HOUR = parameter("substitutions.day_ahead_hour")
PLANNED_KNOWN_DAYS = parameter("substitutions.planned_known_days")
PLANNED_LAST_DAYS = parameter("substitutions.planned_last_days")
TIMING = (DAY_AHEAD_HOUR, PLANNED_KNOWN_DAYS, PLANNED_LAST_DAYS)


@implements("BRQ-0210", source="BRS 1.2 section 6.2.2")
def timing(
    *,
    outage_type: str,
    filed_at: datetime,
    starts_at: datetime,
    at: datetime,
    params: ParameterSet,
) -> tuple[str, list[Violation]]:
    """Return DAY_AHEAD or SAME_DAY, and why a substitution comes too late (``RMR-E-0210E``).

    A planned outage on file at T-45 of its month is substituted until T-11; others until the hour
    begins, day-ahead until an o'clock of the day before.
    """
    day = starts_at.astimezone(PACIFIC).date()
    first = first_of_month(day)
    known = first - timedelta(days=params.at(PLANNED_KNOWN_DAYS, day))
    if outage_type == "PLANNED" and filed_at.astimezone(PACIFIC).date() <= known:
        last = first - timedelta(days=params.at(PLANNED_LAST_DAYS, day))
        if at.astimezone(PACIFIC).date() > last:
            return "DAY_AHEAD", [
                Violation(
                    "RMR-E-0210E",
                    f"The planned outage was on file by {known}; its "
                    f"substitutes were due by {last}.",
                    column="starts_at",
                )
            ]
        return "DAY_AHEAD", []
    if starts_at < at:
        return "SAME_DAY", [
            Violation(
                "RMR-E-0210E",
                "Hours that have begun cannot be substituted any more.",
                column="starts_at",
            )
        ]
    cut = _cut_off(day, params.at(DAY_AHEAD_HOUR, day))
    return ("DAY_AHEAD" if at <= cut else "SAME_DAY"), []


def _cut_off(day: date, hour: int) -> datetime:
    before = day - timedelta(days=1)
    local = datetime(before.year, before.month, before.day, hour, tzinfo=PACIFIC)
    return local.astimezone(UTC)

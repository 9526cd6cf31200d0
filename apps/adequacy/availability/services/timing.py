"""The scheduled calculation: yesterday, days missed, and days of which something changed since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from apps.adequacy.availability.codes import DAILY
from apps.adequacy.availability.selectors import runs_through
from apps.adequacy.availability.services.standing import MonthStanding, standing_of
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC, Span, last_of_month
from apps.platform.runs import services as run_services
from apps.platform.runs.models import Run

LOOKED_AT = 7  # days whose outages, substitutions and exemptions may still come in


@implements("BRQ-0216", "BRQ-1215", source="BRS 1.2 sections 6.2.2 and 6.4.1")
def request_due(*, at: datetime) -> list[Run]:
    """Request the availability of the last days, and of every earlier day that is outdated.

    What has not changed is not calculated again. A day nobody ever measured is not looked for: the
    end of its month says that it is missing.
    """
    today = at.astimezone(PACIFIC).date()
    recent = [today - timedelta(days=back) for back in range(LOOKED_AT, 0, -1)]
    return _requested([*outdated_days(before=recent[0], at=at), *recent], system_user(), at)


def outdated_days(*, before: date, at: datetime) -> list[date]:
    """Return the measured days before a day whose inputs moved on, however long ago they are.

    What all of them read is asked in one reading, and compared with what was kept in another: how
    often the database is asked depends on how often something on file changed, not on the days.
    """
    runs = runs_through(date.min, before - timedelta(days=1), at)
    moved = run_services.what_moved_over(runs, at)
    return [run.trade_date for run in runs if moved[run.pk]]


@implements("BRQ-1215", source="settlement rule book 15, decision G36")
def request_month(*, month: date, actor: User, at: datetime) -> list[Run]:
    """Request the availability of a month's days that are missing or outdated; return new runs.

    month: its first day. Days that are not over are left out. Raises RunRefused where the actor may
    not request runs.
    """
    days = {day for row in standing_of_month(month, at) for day in row.to_measure}
    return _requested(sorted(days), actor, at)


def standing_of_month(month: date, at: datetime) -> list[MonthStanding]:
    """Return how the days of a month that are over are measured, by resource and RA type."""
    last = min(last_of_month(month), at.astimezone(PACIFIC).date() - timedelta(days=1))
    return standing_of(Span.through(month, last), at) if last >= month else []


def _requested(days: Iterable[date], actor: User, at: datetime) -> list[Run]:
    found = []
    for day in days:
        run, is_new = run_services.request(
            kind_code=DAILY, trade_date=day, actor=actor, at=at, reason="daily calculation"
        )
        if is_new:
            found.append(run)
    return found

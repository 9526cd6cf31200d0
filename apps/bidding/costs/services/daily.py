"""The daily calculation: of the real-time and day-ahead trade dates, and of missed days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from apps.bidding.costs.codes import DAILY_COSTS
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import system_user
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.runs import services as run_services
from apps.platform.runs.models import Run

MOST_MISSED = timedelta(days=31)


def due_days(at: datetime) -> list[date]:
    """Return today (real-time), tomorrow (day-ahead), and days since the last calculated one.

    After downtime at most 31 missed days are caught up; older ones are asked for by hand.
    """
    today = at.astimezone(PACIFIC).date()
    last = (
        Run.objects.filter(kind=DAILY_COSTS, state="SEALED", trade_date__lte=today)
        .order_by("-trade_date")
        .values_list("trade_date", flat=True)
        .first()
    )
    first = max(last + timedelta(days=1), today - MOST_MISSED) if last else today
    first = min(first, today)
    return [first + timedelta(days=n) for n in range((today - first).days + 2)]


@implements("BRQ-0076", "BRQ-0080", "BRQ-0097", source="BRS 1.2 section 6.1.2")
def request_due(*, at: datetime, actor: User | None = None) -> tuple[list[Run], list[str]]:
    """Request the costs of every day that is due; return the new runs, and why a day cannot be.

    The same inputs give the run that exists, so asking twice calculates nothing twice.
    """
    new, refused = [], []
    for day in due_days(at):
        try:
            run, is_new = run_services.request(
                kind_code=DAILY_COSTS,
                trade_date=day,
                actor=actor or system_user(),
                at=at,
                reason="daily costs",
            )
        except run_services.RunRefused as trouble:
            refused.append(f"{day}: {trouble}")
            continue
        if is_new:
            new.append(run)
    return new, refused

"""The scheduled insertions: day-ahead once a day, real-time once an hour, missed ones caught up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from apps.bidding.bids.codes import INSERTION, Market
from apps.platform.accounts.selectors import system_user
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import PACIFIC
from apps.platform.runs import services as run_services
from apps.platform.runs.models import Run

MOST_MISSED = timedelta(days=7)


def _request(market: Market, days: list[date], at: datetime) -> list[Run]:
    found = []
    for day in days:
        run, is_new = run_services.request(
            kind_code=INSERTION[market],
            trade_date=day,
            actor=system_user(),
            at=at,
            reason="market close",
        )
        if is_new:
            found.append(run)
    return found


def missed(market: Market, last_due: date) -> list[date]:
    """Return the trade dates up to a day that have no sealed insertion since the last one."""
    done = (
        Run.objects.filter(kind=INSERTION[market], state="SEALED", trade_date__lt=last_due)
        .order_by("-trade_date")
        .values_list("trade_date", flat=True)
        .first()
    )
    first = max(done + timedelta(days=1), last_due - MOST_MISSED) if done else last_due
    return [first + timedelta(days=n) for n in range((last_due - first).days + 1)]


@implements("BRQ-0520", "BRQ-06c", source="BRS 1.2 section 6.3.1")
def request_day_ahead(*, at: datetime) -> list[Run]:
    """Request the day-ahead insertion of tomorrow, and of days that were missed."""
    tomorrow = at.astimezone(PACIFIC).date() + timedelta(days=1)
    return _request(Market.DA, missed(Market.DA, tomorrow), at)


@implements("BRQ-0520", "BRQ-0705", source="BRS 1.2 section 6.3.1")
def request_real_time(*, at: datetime) -> list[Run]:
    """Request the real-time insertion of the trade date whose hour closes now, and missed ones.

    Every hour's run gives the whole day; an hour whose market has closed comes out the same.
    """
    closing = (at + timedelta(minutes=75)).astimezone(PACIFIC).date()
    return _request(Market.RT, missed(Market.RT, closing), at)

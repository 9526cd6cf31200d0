"""When a market stops taking bids and requests for an hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from apps.platform.core.effective import ParameterSet, parameter
from apps.platform.core.tradetime import PACIFIC, TradeDay

DA_CLOSE_HOUR = parameter("bids.da_close_hour")
RT_CLOSE_MINUTES = parameter("bids.rt_close_minutes")


def market_close(market: str, day: date, hour: int, params: ParameterSet) -> datetime:
    """Return the moment until which bids of an hour are taken, in UTC.

    Day-ahead closes at an o'clock of the day before, real-time so many minutes before the hour.
    """
    if market == "DA":
        before = day - timedelta(days=1)
        hour_of_day = params.at(DA_CLOSE_HOUR, day)
        local = datetime(before.year, before.month, before.day, hour_of_day, tzinfo=PACIFIC)
        return local.astimezone(UTC)
    minutes: int = params.at(RT_CLOSE_MINUTES, day)
    return TradeDay(day).hour_start(hour) - timedelta(minutes=minutes)

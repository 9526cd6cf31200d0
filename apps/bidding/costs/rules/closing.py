"""When a market stops taking bids and requests for an hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from apps.platform.kernel.effective import Parameter, ParameterSet, declare
from apps.platform.kernel.tradetime import PACIFIC, TradeDay

DA_CLOSE_HOUR = declare(
    Parameter(
        name="bids.da_close_hour",
        title="Day-ahead market closes at, the day before",
        type="integer",
        minimum="0",
        maximum="23",
        unit="o'clock Pacific",
        reference="RA rule book 1.6",
        brq="BRQ-0520",
    )
)
RT_CLOSE_MINUTES = declare(
    Parameter(
        name="bids.rt_close_minutes",
        title="Real-time market closes before the hour",
        type="integer",
        minimum="0",
        maximum="1440",
        unit="minutes",
        reference="RA rule book 1.6",
        brq="BRQ-0520",
    )
)


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

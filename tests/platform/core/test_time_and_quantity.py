"""Trade days of 23, 24 and 25 hours, spans of days, and quantities that never round."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.money import half_up_cents
from apps.platform.core.quantity import MW, MWH, USD_PER_MW_DAY, InexactQuantity, parse_decimal
from apps.platform.core.tradetime import Span, TradeDay, last_of_month, trade_hour


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2024-03-10", 23), ("2024-09-04", 24), ("2024-11-03", 25), ("2019-11-03", 25)],
)
def test_a_trade_day_has_the_hours_of_the_pacific_clock(day, hours):
    trade_day = TradeDay(date.fromisoformat(day))
    assert trade_day.hour_count == hours
    assert list(trade_day.hours) == list(range(1, hours + 1))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_an_instant_lies_in_the_hour_it_is_told(moment):
    instant = moment.replace(tzinfo=UTC)
    day, hour = trade_hour(instant)
    start = TradeDay(day).hour_start(hour)
    assert 0 <= (instant - start).total_seconds() < 3600


def test_the_doubled_hour_in_autumn_is_counted_twice():
    assert trade_hour(datetime(2024, 11, 3, 8, tzinfo=UTC)) == (date(2024, 11, 3), 2)
    assert trade_hour(datetime(2024, 11, 3, 9, tzinfo=UTC)) == (date(2024, 11, 3), 3)
    assert trade_hour(datetime(2024, 11, 4, 7, 30, tzinfo=UTC)) == (date(2024, 11, 3), 25)


DAYS = st.dates(date(2020, 1, 1), date(2021, 1, 1))


@given(DAYS, DAYS, DAYS, DAYS)
def test_taking_a_span_away_leaves_exactly_the_other_days(a, b, c, d):
    one, two = Span.through(min(a, b), max(a, b)), Span.through(min(c, d), max(c, d))
    left = [day for piece in one.minus(two) for day in piece]
    assert left == [day for day in one if day not in two]


def test_a_span_holds_a_day():
    with pytest.raises(ValueError, match="must hold a day"):
        Span(date(2024, 1, 2), date(2024, 1, 2))
    assert last_of_month(date(2024, 2, 3)) == date(2024, 2, 29)


@given(st.integers(-(10**14), 10**14))
def test_scaling_there_and_back_is_the_same(scaled):
    assert MWH.to_scaled(MWH.from_scaled(scaled)) == scaled


def test_more_decimals_than_the_unit_holds_are_refused():
    with pytest.raises(InexactQuantity):
        MW.to_scaled("1.00001")
    assert USD_PER_MW_DAY.to_scaled("185.123456") == 185_123_456


@pytest.mark.parametrize("text", ["1e5", "NaN", "Infinity", "1,5", "", " 1", "0x1", "1.", "1" * 16])
def test_what_is_no_plain_decimal(text):
    assert parse_decimal(text) is None


@given(st.fractions())
def test_half_up_is_within_half_a_cent_and_symmetric(amount):
    cents = half_up_cents(amount)
    assert abs(Fraction(cents, 100) - amount) <= Fraction(1, 200)
    assert half_up_cents(-amount) == -cents
    assert half_up_cents(Fraction(Decimal("1.505"))) == 151

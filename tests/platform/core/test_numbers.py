"""One reading of numbers: a comma groups thousands or the text is refused, never misread."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.numbers import UnclearNumber, read_number, readings


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,450.00", "12450.00"),
        ("$12,450.00", "12450.00"),
        ("1,234,567", "1234567"),
        ("-$3.50", "-3.50"),
        (".52", "0.52"),
        ("52.", "52"),
        (" 31.91 ", "31.91"),
        ("+7", "7"),
    ],
)
def test_a_clear_number_is_read(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "31,91",
        "1.234,56",
        "12,450",
        "1,23,456.0",
        "12 450.00",
        "1e3",
        "(12.50)",
        "12.50-",
        "",
        "$",
        "US$5",
        "nan",
        "inf",
        "٣",
        "1,2345.00",
        "0x10",
        "1_000",
    ],
)
def test_what_two_readers_would_read_differently_is_refused(text):
    with pytest.raises(UnclearNumber):
        read_number(text)


@given(st.decimals(-(10**12), 10**12, places=2, allow_nan=False))
def test_what_is_written_with_groups_and_a_point_is_read_back(number):
    assert read_number(f"{number:,.2f}") == number


@given(st.decimals(0, 10**9, places=2, allow_nan=False).filter(lambda n: n >= 1))
def test_a_decimal_comma_is_never_a_number(number):
    european = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))
    with pytest.raises(UnclearNumber):
        read_number(european)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1,5", ["1.5"]),
        ("31,91", ["31.91"]),
        ("12,450", ["12.450", "12450"]),
        ("1.234,56", ["1234.56"]),
        ("1.234.567,8", ["1234567.8"]),
        ("1 234.5", ["1234.5"]),
        ("1\u2019000", ["1000"]),
        ("(12.5)", ["-12.5"]),
        ("12.5-", ["-12.5"]),
        ("\u221212,50", ["-12.50"]),
        ("1\u200b2", ["12"]),
        ("$ 5", ["5"]),
        ("12,450.00", []),
        ("12%", []),
        ("1e5", []),
        ("1,2,3", []),
        ("one", []),
        ("", []),
        ("-", []),
    ],
)
def test_an_unclear_number_has_the_readings_that_a_person_may_choose(text, meant):
    assert readings(text) == meant


@given(st.text(alphabet="0123456789.,-+()$ '\u2212x", max_size=14))
def test_each_reading_is_a_clear_number_of_the_same_digits(text):
    for found in readings(text):
        assert read_number(found) is not None
        assert [c for c in found if c.isdigit()] == [c for c in text if c.isdigit()]

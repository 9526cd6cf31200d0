"""A day is read one way, and one that does not exist is told why."""

from __future__ import annotations

from datetime import date

import pytest

from apps.platform.core.days import NoSuchDay, read_day
from apps.platform.core.violations import Violation, grouped
from apps.platform.ui.form_fields import DayField, NumberField


def test_a_day_is_read_as_it_is_written():
    assert read_day(" 2024-02-29 ") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2025-02-31", "There is no day 2025-02-31: February 2025 has 28 days."),
        ("2025-02-29", "There is no day 2025-02-29: February 2025 has 28 days."),
        ("2025-13-01", "There is no day 2025-13-01: a year has months 01 to 12."),
        ("tomorrow", "tomorrow is no day; write it YYYY-MM-DD, such as 2024-09-04."),
        ("2025-2-3", "2025-2-3 is no day; write it YYYY-MM-DD, such as 2024-09-04."),
        ("", "Give a day, written YYYY-MM-DD such as 2024-09-04."),
    ],
)
def test_what_is_no_day_is_told_why(text, said):
    with pytest.raises(NoSuchDay) as trouble:
        read_day(text)
    assert str(trouble.value) == said


def test_forms_read_days_and_numbers_as_files_do():
    from django import forms

    field = DayField(label="From")
    assert field.clean("2024-09-04") == field.clean("09/04/2024") == date(2024, 9, 4)
    with pytest.raises(forms.ValidationError, match="February 2025 has 28 days"):
        field.clean("2025-02-31")
    number = NumberField(label="$", max_digits=14, decimal_places=2)
    assert str(number.clean("12,450.00")) == "12450.00"


def test_the_same_is_said_once_with_the_rows_it_is_said_of():
    rows = [Violation("A", "wrong", line, "MW", value="x").as_dict() for line in range(2, 10)]
    rows.insert(3, Violation("B", "other", 4, "MW").as_dict())
    one, other = grouped(rows)
    assert (one.count, one.first_lines, one.more_lines, one.first_values) == (
        8,
        (2, 3, 4, 5, 6),
        3,
        ("x",),
    )
    assert (other.code, other.count) == ("B", 1)
    assert len(grouped(rows, each=True)) == 9

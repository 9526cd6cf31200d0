"""A file that is wrong everywhere: so many places are named, and it is said how many there are."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from apps.platform.core.violations import Severity
from apps.reference.market.rules import check_gaps, check_hours, gaps, hourly_place, set_checks
from apps.reference.market.services.parts import DEMAND_GAPS

DAY = date(2024, 9, 4)  # 24 hours
HEADERS = ("TRADE_DATE", "HOUR_ENDING")


def demand(series, hour=1, day=DAY):
    """Return one row of each of so many series."""
    return pl.DataFrame(
        {
            "line_no": range(2, series + 2),
            "sc_id": [f"N{n}" for n in range(series)],
            "tac_area": ["PGE-TAC"] * series,
            "trade_date": [day] * series,
            "hour_ending": [hour] * series,
        }
    )


def wrong_hours(frame):
    return check_hours(frame, day="trade_date", hour="hour_ending", headers=HEADERS)


def test_of_very_many_series_with_gaps_the_first_are_named(monkeypatch):
    monkeypatch.setattr(gaps, "MOST_SERIES", 3)
    at_most = check_gaps(hourly_place(demand(3)), DEMAND_GAPS)
    assert [v.line for v in at_most] == [2, 3, 4]
    said, *named = check_gaps(hourly_place(demand(5)), DEMAND_GAPS)
    assert named == at_most
    assert (said.code, said.line, said.severity) == ("MKT-GAP", 0, Severity.WARNING)
    assert said.message == (
        "5 series lack rows of a day; the first 3 are named. "
        "Settlement counts a missing hour as no demand."
    )


@pytest.mark.parametrize("at_once", [1, 2, 7])
def test_counting_some_rows_at_once_finds_the_same_series(monkeypatch, at_once):
    days = pl.concat([demand(9), demand(4, 2), demand(5, 1, date(2024, 3, 10))])
    frame = hourly_place(days.with_columns(line_no=pl.int_range(2, days.height + 2)))
    at_one_go = check_gaps(frame, DEMAND_GAPS)
    monkeypatch.setattr(gaps, "ROWS_AT_ONCE", at_once)
    assert check_gaps(frame, DEMAND_GAPS) == at_one_go
    assert [v.line for v in at_one_go] == [*range(2, 11), *range(15, 20)]
    assert check_gaps(frame.clear(), DEMAND_GAPS) == []


def test_a_file_of_strangers_names_little_more_than_is_kept_of_it():
    found = check_gaps(hourly_place(demand(20_000)), DEMAND_GAPS)
    assert len(found) == gaps.MOST_SERIES + 1
    assert found[0].message.startswith("20,000 series")


def test_of_very_many_hours_that_do_not_exist_the_first_are_named_over_all_days(monkeypatch):
    monkeypatch.setattr(set_checks, "MOST_PER_COLUMN", 3)
    two_days = pl.concat([demand(2, 25), demand(3, 25, date(2024, 9, 5))])
    found = wrong_hours(two_days)
    assert [v.code for v in found[:3]] == ["MKT-HOUR"] * 3
    assert [v.line for v in found[:3]] == [2, 3, 2]


def test_how_many_hours_do_not_exist_is_said():
    assert len(wrong_hours(demand(20_000, 25))) == 20_000
    found = wrong_hours(demand(20_001, 25))
    assert len(found) == 20_001
    assert found[-1].message == "HOUR_ENDING is wrong in 20,001 rows; the first 20,000 are named."

"""Actual load: a forecast never replaces it, and its TAC areas are those on file."""

from __future__ import annotations

import pytest

from apps.platform.uploads.selectors import current_version
from tests.platform.uploads.market_files import LOAD, case, said

pytestmark = pytest.mark.django_db


def test_forecasts_never_replace_actual_load(send):
    """given actual load of a day; when its day-ahead forecast is sent; then every row is refused"""
    before = current_version("market.tac_load", "2024-09-04")
    upload = send("tac-load", case("l01_day_ahead_forecast_2024-09-04.csv"))
    assert upload.state == "REFUSED"
    assert upload.violations.filter(code="MKT-FORECAST", severity="error").count() == 144
    first = upload.violations.filter(code="MKT-FORECAST").order_by("line")[0]
    assert (first.line, first.column, first.value) == (2, "MARKET_RUN_ID", "DAM")
    assert "the day-ahead forecast, not actual load" in first.message
    assert current_version("market.tac_load", "2024-09-04") == before


@pytest.mark.parametrize(
    "row",
    [
        "2024-09-04T07:00:00,2DA,PGE-TAC,,,9000,",
        "2024-09-04T07:00:00,7DA,PGE-TAC,,,9000,ACTUAL",
        "2024-09-04T07:00:00,,PGE-TAC,,,9000,RTM",
        "2024-09-04T07:00:00,ACTUAL,PGE-TAC,Demand Forecast Day Ahead,,9000,",
        "2024-09-04T07:00:00,,PGE-TAC,,SYS_FCST_DA_MW,9000,",
    ],
)
def test_whatever_calls_load_a_forecast_is_heard(row, send):
    assert said(send("tac-load", LOAD + row + "\n"), "MKT-FORECAST")


def test_a_tac_area_written_another_way_is_asked_about_and_others_are_let_be(send):
    """OASIS tells loads of areas that are not on file, too; PGE is another one than PGE-TAC."""
    names = ("pge-tac", "PGE_TAC", "CAISO-TAC", "PGE-TAC", "CA ISO-TAC", "BPAT", "PGE")
    rows = "".join(f"2024-09-04T07:00:00,ACTUAL,{name},,,9000,\n" for name in names)
    found = send("tac-load", LOAD + rows).violations.filter(code="MKT-TAC").order_by("line")
    assert [(v.line, v.severity, v.value) for v in found] == [
        (2, "error", "pge-tac"),
        (3, "error", "PGE_TAC"),
        (4, "error", "CAISO-TAC"),
    ]
    assert "PGE-TAC" in found[0].message


def test_forecasts_beside_actual_load_in_one_file_are_named_by_their_run(send):
    rows = "2024-09-04T07:00:00,ACTUAL,PGE-TAC,,,9000,\n2024-09-04T07:00:00,DAM,PGE-TAC,,,9100,\n"
    upload = send("tac-load", LOAD + rows)
    assert [v.code for v in upload.violations.filter(severity="error")] == ["MKT-FORECAST"]

"""Values that nobody knows, and years that nobody means, are asked about on a new day too."""

from __future__ import annotations

import pytest

from tests.platform.uploads.test_plausibility import HEAD, HOURS, demand, shown

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0105")]


def blank_price(h):
    return "" if h in (3, 4) else "40"


@pytest.mark.parametrize(("price", "told"), [(lambda h: "", "24 of 24"), (blank_price, "2 of 24")])
def test_a_price_that_nobody_knows_is_asked_about_on_a_new_day(send, price, told):
    """given no version of a day; when DA_LMP is blank beside energy; then its 0 is asked about"""
    text = "".join(f"SUNSET_2_UNITS,2024-10-05,{h},100,{price(h)}\n" for h in range(1, 25))
    upload = send("market-hours", HOURS + text, sender="iso.admin")
    (said,) = shown(upload)
    assert (said.code, said.column) == ("PL-ZERO", "DA_LMP")
    assert f"{told} rows are blank" in said.message
    assert "would be read as 0" in said.message


@pytest.mark.parametrize(("year", "told"), [("1924", "102 years before"), ("2074", "48 years")])
def test_a_mistyped_year_is_asked_about(send, year, told):
    """given a day with another year; when the file is read; then the year is asked about, no 500"""
    upload = send("metered-demand", HEAD + demand(day=f"{year}-09-04"))
    assert upload.state == "READY"
    (said,) = [v for v in shown(upload) if v.code == "PL-YEAR"]
    assert told in said.message


def test_demand_under_another_area_than_last_week_is_asked_about(send, load):
    """given an SC in two areas; when a week later all of it stands in one; then it is asked"""
    week, both = "2024-09-24", ("PGE-TAC", "SCE-TAC")

    def day(of, *areas):
        return "".join(demand(day=of).replace("PGE-TAC", area) for area in areas)

    load("metered-demand", HEAD + day(week, *both))
    (said,) = shown(send("metered-demand", HEAD + day("2024-10-01", "PGE-TAC")))
    assert (said.code, said.column) == ("PL-WEEK", "TAC_AREA")
    assert "No row is of SYN_LSE_BAY in SCE-TAC, with 36,000.0000 MWh" in said.message
    assert shown(send("metered-demand", HEAD + day("2024-10-01", *both))) == []

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

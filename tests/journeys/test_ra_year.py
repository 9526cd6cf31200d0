"""An administrator reviews designations of an RA year: from home by clicks only."""

from __future__ import annotations

import pytest


@pytest.mark.brq("BRQ-0111")
@pytest.mark.turns(2)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_from_home_to_the_year_a_contract_and_its_credits(visit, width, scheme):
    page = visit("iso.admin", width=width, scheme=scheme, at="/")

    def open_review():
        page.click("main a:has-text('Designations by RA year')")
        page.click("nav[aria-label='RA year'] a:has-text('2024')")
        page.wait_for_selector("nav[aria-label='RA year'] a[aria-current]:has-text('2024')")

    open_review()
    text = page.inner_text(".tiles")
    for said in ("532.20", "$47,782,247.21", "MW System", "MW LA_BASIN"):
        assert said in text
    table = page.inner_text("table.rows")
    assert "SYN_PLAYA_3_ST" in table
    assert "no designation on file" in table
    page.wait_for_selector(".chart svg")
    # every column is in sight, none off to the right
    right = "Math.max(...[...document.querySelectorAll('table.rows td')].map(c => "
    right += "c.getBoundingClientRect().right))"
    assert page.evaluate(right) <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("nav[aria-label='RA year'] a:has-text('2023')")
    page.wait_for_selector("nav[aria-label='RA year'] a[aria-current]:has-text('2023')")
    assert "502.20" in page.inner_text(".tiles")  # 49.20 + 248 + 85 + 120, no terms yet
    assert "no contract terms yet" in page.inner_text("table.rows")
    page.click("nav[aria-label='RA year'] a:has-text('2024')")
    page.click("table.rows a:has-text('RMR-SUNSET')")
    assert "RMR-SUNSET" in page.inner_text("table.rows")
    page.go_back()
    page.click("table.rows tr:has-text('RMR-SUNSET') td:last-child a")
    credits = page.inner_text("table.rows")
    assert "SUNSET_2_UNITS" in credits
    assert "231.00" in credits
    assert page.faults == []

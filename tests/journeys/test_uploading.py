"""An operator uploads NQC/EFC, then credits: from home by clicks only, an approver confirms."""

from __future__ import annotations

import pytest

from apps.site.home.services import DEMO

pytestmark = pytest.mark.browser
NQC, CREDITS = DEMO / "try" / "nqc_efc_2024_by_month.csv", DEMO / "try" / "credits_2024-10.csv"


def drop(page, file):
    page.set_input_files("main [data-drop] input[type=file]", file)
    page.click("main button:has-text('Upload and check')")


def approve(visit, name, width, scheme):
    page = visit("iso.approver", width=width, scheme=scheme, at="/")
    page.click("main a:has-text('to confirm')")
    page.click(f"table.rows a:has-text('{name}') >> nth=0")
    page.fill("#reason", "figures of the public reports")
    page.click("button:has-text('Confirm and load')")
    page.wait_for_selector("text=CONFIRMED")
    return page


@pytest.mark.brq("BRQ-0105", "BRQ-0114")
@pytest.mark.turns(2)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_nqc_and_credits_go_from_home_to_their_approval(visit, width, scheme, tmp_path):
    page = visit("iso.operator", width=width, scheme=scheme, at="/")
    # the same bytes again would change nothing: the second size sends other figures
    text = NQC.read_text().replace(",12,248.00", ",12,247.00" if width == 390 else ",12,248.00")
    nqc = tmp_path / f"nqc-{width}.csv"
    nqc.write_text(text)
    drop(page, nqc)
    page.wait_for_selector("text=READY")
    said = page.inner_text("main")
    assert "NQC/EFC of RMR resources" in said
    assert "Waiting for approval by a second person" in said
    assert "iso.approver" in said
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    approver = approve(visit, nqc.name, width, scheme)
    assert "No published day became stale" in approver.inner_text("main")
    page.goto("/")
    credits = tmp_path / f"credits-{width}.csv"
    credits.write_text(
        CREDITS.read_text().replace("243.00", "242.00" if width == 390 else "243.00")
    )
    drop(page, credits)
    page.wait_for_selector("text=READY")
    assert "RMR credits, monthly" in page.inner_text("main")
    assert "Waiting for approval" in page.inner_text("main")
    assert page.faults == []


def test_a_file_of_another_kind_is_loaded_as_the_right_one_in_one_click(visit):
    page = visit("iso.operator", at="/")
    page.click("main a:has-text('Upload') >> nth=0")
    page.fill("#kind-search", "tac area load")
    page.click("li[data-kind] a:has-text('TAC area load')")
    page.set_input_files("input[type=file]", CREDITS)
    page.click("main button:has-text('Upload and check')")
    page.wait_for_selector("text=REFUSED")
    assert page.locator("text=Correct here").count() == 0
    page.click("button:has-text('Load as RMR credits, monthly')")
    page.wait_for_selector("text=READY")
    assert page.faults == []

"""The first walk in a real Chromium, against the real programs: web, worker, beat, database."""

from __future__ import annotations

import re
import time

import pytest

from apps.site.home.services import DEMO

pytestmark = pytest.mark.browser


def settle_again(visit):
    """Send the corrected meters, confirm, settle, publish: four people's clicks."""
    page = visit("iso.operator")
    page.goto("/upload/metered-demand/")
    page.set_input_files(
        "input[type=file]", DEMO / "try" / "metered_demand_2024-09-04_corrected.csv"
    )
    page.click("text=Upload and check")
    page.wait_for_selector("text=READY")
    assert "5 changed" in page.inner_text("main")
    address = page.url
    page = visit("iso.approver")
    page.goto(address)
    page.fill("#reason", "meters were read again")
    page.click("text=Confirm and load")
    page.wait_for_selector("text=CONFIRMED")
    page = visit("iso.analyst")
    page.goto("/trade-dates/")
    assert "STALE" in page.inner_text("main")
    row = page.locator("tr", has_text="2024-09-04")
    row.locator("button").click()
    page.wait_for_selector("text=SEALED", timeout=30_000)
    address = page.url
    page = visit("iso.approver")
    page.goto(address)
    page.fill("#confirm", page.inner_text("label[for=confirm] b"))
    page.click("button:has-text('Publish')")
    page.wait_for_selector("text=CURRENT")
    assert page.faults == []


def test_an_iso_user_follows_a_line_down_to_its_uploaded_row(visit):
    page = visit("iso.analyst", at="/")
    page.click("main >> text=Trade dates")
    page.click("main a:has-text('2024-09-04')")
    assert "SYNTHETIC" in page.inner_text("main")
    assert page.locator(".chart svg").count() == 2
    page.click("a:has-text('Statements') >> nth=-1")
    page.click("a:has-text('SYN_LSE_BAY') >> nth=0")
    page.click("text=Explain >> nth=0")
    assert "REPRODUCED" in page.inner_text("main")
    page.click("a:has-text('Hour ending 18')")
    text = page.inner_text("main")
    assert "as received" in text
    assert "SYN_LSE_BAY" in text
    assert re.search(r"HOUR_ENDING\s+18", text)
    assert page.faults == []


def test_an_nqc_file_is_sent_refused_mended_and_confirmed(visit, tmp_path):
    page = visit("iso.operator")
    page.goto("/upload/rmr-nqc-efc/")
    good = (DEMO / "rmr_nqc_efc_2024.csv").read_text().replace("231.00", "230.50")
    bad = tmp_path / "bad.csv"
    bad.write_text(good.replace("SUNSET_2_UNITS,2024,3", "METEC_2_PL1X3,2024,3"))
    page.set_input_files("input[type=file]", bad)
    page.click("text=Upload and check")
    page.wait_for_selector("text=REFUSED")
    assert "not an active new-tariff RMR" in page.inner_text("main")
    with page.expect_download() as download:
        page.click("text=Rejected rows >> nth=0")
    assert "VIOLATION" in download.value.path().read_text().splitlines()[0]
    fixed = tmp_path / "good.csv"
    fixed.write_text(good)
    page.goto("/upload/rmr-nqc-efc/")
    page.set_input_files("input[type=file]", fixed)
    page.click("text=Upload and check")
    page.wait_for_selector("text=READY")
    assert "12 changed" in page.inner_text("main")
    assert "second person" in page.inner_text("main")
    address = page.url
    approver = visit("iso.approver", at="/")
    assert "to confirm" in approver.inner_text("main")
    approver.goto(address)
    approver.click("text=Confirm and load")
    approver.wait_for_selector("text=CONFIRMED")
    approver.goto("/nqc/?resource__code=SUNSET")
    assert "230.50" in approver.inner_text("main")
    assert page.faults == approver.faults == []


def test_an_sc_sees_only_its_own_lines_and_a_corrected_day_as_version_two(visit):
    page = visit("sc.bay")
    page.goto("/statement-lines/")
    codes = set(page.locator("tbody tr td:nth-child(2)").all_inner_texts())
    assert codes == {"SYN_LSE_BAY"}
    settle_again(visit)
    page.goto("/")
    page.click("main tbody a:has-text('2024-09-04')")
    assert "version 2" in page.inner_text("h1")
    page.click("text=Difference to v1")
    text = page.inner_text("main")
    assert "Metered demand" in text
    assert "2024-09-04 v1" in text
    page.click("main a:has-text('version 1')")
    assert "A newer version exists" in page.inner_text("main")
    assert page.faults == []


def test_lists_filter_sort_choose_columns_and_page(visit):
    page = visit("iso.analyst")
    page.goto("/metered-demand/")
    page.fill("#filters input[type=search]", "COAST")
    page.wait_for_selector("text=Search: COAST")
    assert "q=COAST" in page.url
    assert set(page.locator("tbody tr td:nth-child(3)").all_inner_texts()) == {"SYN_LSE_COAST"}
    page.click("th a:has-text('Metered demand')")
    page.wait_for_url("**sort=mwh**")
    figures = [
        float(t.replace(",", "")) for t in page.locator("td.num").all_inner_texts() if "." in t
    ]
    assert figures == sorted(figures)
    page.click("main summary:has-text('Columns')")
    page.uncheck("label:has-text('TAC area') input")
    page.wait_for_selector("thead:not(:has-text('TAC area'))")
    assert page.faults == []


def test_the_worker_is_seen_alive(product):
    import json
    import urllib.request

    for _ in range(80):
        with urllib.request.urlopen(f"{product.url}/health/ready") as reply:
            if json.load(reply)["worker"] == "ok":
                return
        time.sleep(0.5)
    raise AssertionError("no heartbeat travelled from beat through the queue to a worker")

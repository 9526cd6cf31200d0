"""From a retirement notice to a re-published price, in a real Chromium, by the people who do it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from apps.platform.core.tradetime import PACIFIC
from apps.platform.ui.pdf import pdf

pytestmark = pytest.mark.browser


def fill(page, **fields):
    for name, value in fields.items():
        box = page.locator(f"#id_{name}")
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def number_of(page):
    return re.search(r"/(\d+)/$", page.url)[1]


def approve(visit, address):
    page = visit("iso.approver")
    page.goto(address)
    page.click("button:has-text('Approve')")
    page.wait_for_selector("main h1 .tag-approved, main h1 .tag-designated")
    assert page.faults == []
    return page


def test_notice_finding_designation_terms_price_and_republication(visit, tmp_path):
    affidavit = tmp_path / "affidavit.pdf"
    affidavit.write_bytes(pdf("letter", {"title": "Affidavit", "body": "SYNTHETIC"}))
    page = visit("sc.sunset")
    page.goto("/retirement-notices/new/")
    today = datetime.now(PACIFIC).date()
    early, earliest = today + timedelta(days=89), today + timedelta(days=90)
    given = {
        "resource": "SYN_WILLOW_5_GT",
        "owner": "Synthetic Sunset",
        "state_before": "MOTHBALLED",
        "state_requested": "RETIRED",
        "notice_date": f"{today}",
        "requested_date": f"{early}",
        "reason": "SYNTHETIC",
    }
    fill(page, **given)
    page.set_input_files("#id_document", affidavit)
    page.click("text=File the notice")
    assert f"earliest {earliest}" in page.inner_text("main")
    fill(page, requested_date=f"{earliest}")
    page.set_input_files("#id_document", affidavit)
    page.click("text=File the notice")
    page.wait_for_selector("text=ANNOUNCED")
    assert "affidavit.pdf" in page.inner_text("main")
    notice = page.url
    # the public sees it, without signing in, also below 45 MW
    public = visit()
    public.goto("/retirement-list/")
    assert "SYN_WILLOW_5_GT" in public.inner_text("main")
    public.goto("/daily-briefing/")
    assert "SYN_WILLOW_5_GT" not in public.inner_text("main")
    # planners and contracts
    page = visit("iso.contracts")
    page.goto(notice)
    page.click("main a:has-text('Study finding')")
    fill(page, study="SYNTHETIC study", study_date="2026-03-20", need_mw="120", available_mw="90")
    page.check("input[name=needs][value=LOCAL]")
    page.click("text=Keep the finding")
    page.click("a:has-text('Designate')")
    fill(page, need="LOCAL", ra_year="2026", start="2026-05-02", end="2026-12-31")
    page.click("button:has-text('Propose')")
    assert "RMR-E-0055A" in page.inner_text("main")
    fill(page, start="2026-05-01")
    page.click("button:has-text('Propose')")
    page.wait_for_selector("text=a second person decides")
    designation = page.url
    approve(visit, designation)
    page.goto(designation)
    page.click("a:has-text('Contract terms')")
    fill(
        page,
        contract_no="RMR-WILLOW",
        afrr_usd="3200000",
        reference="SYNTHETIC agreement",
        generic_pge_tac="44.99",
        flex_pge_tac="20",
    )
    page.click("button:has-text('Propose')")
    page.wait_for_selector("text=PROPOSED")
    assert "290.313947" in page.inner_text("main")  # 3,200,000 / 245 / 44.99
    approve(visit, page.url)
    page.goto("/capacity-payload/?contract_no=RMR-WILLOW")
    assert "RMR-WILLOW" in page.inner_text("main")
    # a price
    page.goto("/price-changes/new/")
    fill(
        page,
        contract_no="RMR-WILLOW",
        first_date="2026-05-01",
        last_date="2026-05-05",
        price="318.80",
        ferc_docket="ER26-1",
        ferc_approved_on="2026-08-01",
        reference="SYNTHETIC order",
    )
    page.click("text=Show what it changes")
    text = page.inner_text("main")
    assert re.search(r"Payload records to publish\s+10", text)
    done = approve(visit, page.url)
    assert re.search(r"Records published\s+10", done.inner_text("main"))
    done.goto("/capacity-payload-versions/?contract_no=RMR-WILLOW&version=2")
    assert "10 rows" in done.inner_text("main")
    # entered again it publishes nothing
    page.goto("/price-changes/new/")
    fill(
        page,
        contract_no="RMR-WILLOW",
        first_date="2026-05-01",
        last_date="2026-05-05",
        price="318.80",
        ferc_docket="ER26-1",
        ferc_approved_on="2026-08-01",
        reference="SYNTHETIC order",
    )
    page.click("text=Show what it changes")
    assert "RMR-E-0255C" in page.inner_text("main")
    page.goto("/ra-designations/?ra_year=2026")
    assert "SYN_WILLOW_5_GT" in page.inner_text("main")
    page.wait_for_selector(".chart svg")
    assert [f for f in page.faults if "400" not in f] == []


def test_an_affidavit_goes_from_contracts_to_legal_and_monitoring_and_back(visit):
    page = visit("iso.contracts")
    page.goto("/return-affidavits/")
    page.click("main a:has-text('SYN_WILLOW_5_GT')")
    address = page.url
    page.click("button:has-text('Forward to Legal')")
    page.wait_for_selector("text=WITH_LEGAL")
    page = visit("iso.legal")
    page.goto(address)
    page.fill("#note-ask_monitoring", "does the contract exist?")
    page.click("button:has-text('Ask market monitoring')")
    page.wait_for_selector("text=DMM_REVIEW")
    sc = visit("sc.sunset")
    sc.goto(address)
    assert "RECEIVED" in sc.inner_text("h1")
    page = visit("iso.monitor")
    page.goto(address)
    page.fill("#note-answer", "it does")
    page.click("button:has-text('Answer Legal')")
    page = visit("iso.legal")
    page.goto(address)
    page.click("main a:has-text('Close without action')")
    page.fill("#note", "nothing to report")
    page.click("main button:has-text('Close without action')")
    page.wait_for_selector("text=CLOSED_NO_ACTION")
    assert page.faults == []

"""The whole chain of a trade date by several people in a real Chromium, down to a file row."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_a_run_of_the_calendar_from_the_board_to_an_explained_line(visit):
    analyst, approver, owner = visit("iso.analyst"), visit("iso.approver"), visit("sc.sunset")
    analyst.goto("/settlement-board/")
    assert "T+70B" in analyst.inner_text("main thead")
    analyst.fill("#trade_date", "2024-09-04")
    analyst.select_option("#run_type", "T+11M")
    analyst.fill("#reason", "journey")
    analyst.click("main button:has-text('Request')")
    analyst.wait_for_selector("main h1 .tag-sealed", timeout=60_000)
    assert "R + BCR′" in analyst.inner_text("main").replace("'", "′")
    approver.goto(analyst.url)
    approver.fill("#confirm", approver.inner_text("label[for=confirm] b"))
    approver.click("main button:has-text('Publish')")
    approver.wait_for_selector("main .tag-published")
    approver.goto("/settlement-board/")
    row = approver.locator("tr", has_text="2024-09-04")
    assert row.locator(".tag-published").count() >= 2
    # the owner reads its statement of that run: no increment, and a line down to its file rows
    owner.goto("/statements/?trade_date_from=2024-09-04&trade_date_to=2024-09-04")
    owner.click("tbody tr:first-child a >> nth=0")
    text = owner.inner_text("main")
    assert "T+11M" in text
    assert "BCR-IFM" in text
    owner.click("tr:has-text('BCR-IFM IFM') >> text=Explain")
    text = owner.inner_text("main")
    assert "VERIFIED" in text
    assert "PC-IFM-NET" in text
    owner.click("tr:has-text('Hourly market results') a >> nth=0")
    assert "SUNSET_2_UNITS" in owner.inner_text("main")
    # an LSE sees its share of the same cost, and nothing of the unit's market
    lse = visit("sc.bay")
    lse.goto("/statement-lines/?charge_code=BCR-ALLOC-IFM")
    lse.click("tbody tr:first-child a >> nth=0")
    text = lse.inner_text("main")
    assert "VERIFIED" in text
    assert "SUNSET" not in text
    # who pays for RMR, and how the calculation hangs together
    analyst.goto("/rmr-cost/")
    analyst.wait_for_selector("[data-chart] svg")
    analyst.goto("/chain/")
    analyst.wait_for_selector("[data-chart=chain-graph] svg")
    for page in (analyst, approver, owner, lse):
        assert page.faults == []


def test_penalties_and_legacy_invoices_say_why_they_are_refused(visit):
    contracts = visit("iso.contracts")
    contracts.goto("/contract-penalties/new/")
    contracts.fill("[name=contract_no]", "RMR-SUNSET")
    contracts.fill("[name=trade_date]", "2024-09-04")
    contracts.fill("[name=amount]", "100")
    contracts.fill("[name=reference]", "journey")
    contracts.click("main button.primary")
    assert "RAAIM polices this contract" in contracts.inner_text("main")
    contracts.goto("/legacy-invoices/new/")
    for name, value in (
        ("contract_no", "RMR-SUNSET"),
        ("month", "2024-09-01"),
        ("amount", "5"),
        ("reference", "A-1"),
    ):
        contracts.fill(f"[name={name}]", value)
    contracts.click("main button.primary")
    assert "sends no invoices" in contracts.inner_text("main")
    contracts.fill("[name=contract_no]", "RMR-METEC")
    contracts.click("main button.primary")
    contracts.wait_for_selector("main .tag-submitted, main h1:has-text('RMR-METEC')")
    assert "2024-10-30" in contracts.inner_text("main")
    assert [f for f in contracts.faults if "400" not in f] == []

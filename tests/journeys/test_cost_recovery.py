"""An SC files a cost recovery request by clicks from home, on a wide page and on a phone."""

from __future__ import annotations

import pytest

from tests.reliability.retirements.papers import PAPER

pytestmark = pytest.mark.browser
LABEL = "New cost recovery request"


@pytest.mark.brq("BRQ-1265", "BRQ-1270")
@pytest.mark.turns(2)
@pytest.mark.parametrize(("width", "scheme", "seal"), [(1280, "light", "A"), (390, "dark", "B")])
def test_a_request_is_filed_by_clicks_and_withdrawn_after_a_question(visit, width, scheme, seal):
    page = visit("sc.sunset", width=width, scheme=scheme, at="/")
    page.click("a.brand")
    page.click(f"main a:has-text('{LABEL}')")
    page.select_option("[name=kind]", "REPAIR")
    assert page.input_value("[name=resource]") == "SUNSET_2_UNITS"
    page.fill("[name='items-0-trade_date']", "2024-09-04")
    page.fill("[name='items-0-first_hour']", "7")
    page.fill("[name='items-0-last_hour']", "22")
    page.fill("[name='items-0-amount']", "31,91")
    page.fill("[name='items-0-what']", f"Turbine seal {seal}")
    assert page.inner_text("[data-total]") == "–"
    assert "Row 1: write the amount as" in page.inner_text("[data-unclear]")
    page.fill("[name='items-0-amount']", "12,450.00")
    assert page.inner_text("[data-total]") == "$12,450.00"
    # a second row, and away with it
    page.click("button:has-text('Add row')")
    page.fill("[name='items-1-amount']", "50")
    assert page.inner_text("[data-total]") == "$12,500.00"
    page.click("[aria-label='Remove row 2']")
    assert page.inner_text("[data-total]") == "$12,450.00"
    page.fill("[name=reason]", "A seal broke")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("main button:has-text('Save draft')")
    page.wait_for_selector("main h1 .tag-draft")
    text = page.inner_text("main")
    assert "$12,450.00" in text
    assert f"Turbine seal {seal}" in text
    assert page.locator("main button:has-text('Submit')").is_disabled()
    page.click("main a:has-text('Attach a document')")
    page.set_input_files(
        "main input[type=file]",
        {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": PAPER},
    )
    page.click("main button:has-text('Attach')")
    page.wait_for_selector("main a:has-text('invoice.pdf')")
    assert page.inner_text("main button.primary") == "Submit"
    page.click("main button:has-text('Submit')")
    page.wait_for_selector("main h1 .tag-submitted")
    # withdrawing is no first choice, and is asked about
    assert page.locator("main button.primary:visible").count() == 0
    page.click("main a:has-text('Withdraw')")
    assert page.inner_text("main h1") == "Withdraw?"
    page.click("main a:has-text('Back')")
    page.wait_for_selector("main h1 .tag-submitted")
    page.click("main a:has-text('Withdraw')")
    page.click("main button:has-text('Withdraw')")
    page.wait_for_selector("main h1 .tag-withdrawn")
    assert page.locator("main input[type=file]").count() == 0  # nothing more to attach
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto("/cost-recovery-requests/")
    right = page.evaluate(
        "Math.max(...[...document.querySelectorAll('table.rows td')].map(c => "
        "c.getBoundingClientRect().right))"
    )
    assert right <= width  # amounts, state and dates are in sight
    assert "WITHDRAWN" in page.inner_text("table.rows")
    assert page.faults == []


@pytest.mark.brq("BRQ-1265")
def test_without_script_the_sum_is_shown_by_the_server_first(product, browser):
    from tests.journeys.conftest import PASSWORD

    context = browser.new_context(java_script_enabled=False, base_url=product.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("#id_login", "sc.sunset")
    page.fill("#id_password", PASSWORD)
    page.click("main button.primary")
    page.click(f"main a:has-text('{LABEL}')")
    page.select_option("[name=kind]", "MOTORING")
    page.fill("[name='items-0-trade_date']", "2024-09-05")
    page.fill("[name='items-0-amount']", "1,250.00")
    page.fill("[name=reason]", "A cold start")
    page.click("button:has-text('Add row')")
    page.fill("[name='items-1-amount']", "0.50")
    page.keyboard.press("Enter")  # a form is sent, no row removed
    page.wait_for_selector("text=Claimed total $1,250.50: check the rows, then save.")
    assert page.input_value("[name='items-0-amount']") == "1,250.00"
    page.click("main button:has-text('Save draft')")
    page.wait_for_selector("main h1 .tag-draft")
    assert "$1,250.50" in page.inner_text("main")
    page.click("main a:has-text('Withdraw')")
    page.click("main button:has-text('Withdraw')")
    page.wait_for_selector("main h1 .tag-withdrawn")
    context.close()

"""From a request to recover a cost to its line and invoice, by three people in a real Chromium.

Runs after the whole chain, on the trade date it settled.
"""

from __future__ import annotations

import pytest

from tests.reliability.retirements.papers import PAPER

pytestmark = pytest.mark.browser


@pytest.mark.brq("BRQ-1265", "BRQ-1275", "BRQ-1202")
def test_a_cost_is_asked_for_decided_settled_and_invoiced(visit):
    sc, analyst, approver = visit("sc.sunset"), visit("iso.analyst"), visit("iso.approver")
    sc.goto("/cost-recovery-requests/new/")
    sc.select_option("[name=kind]", "REPAIR")
    sc.select_option("[name=resource]", "SUNSET_2_UNITS")
    sc.click("summary:has-text('Paste lines instead')")
    sc.fill("[name=items]", "2024-09-04 twenty")
    sc.fill("[name=reason]", "A seal broke")
    sc.click("main button:has-text('Save draft')")
    assert "Line 1: write it as" in sc.inner_text("main")  # gently, and nothing typed is lost
    sc.fill("[name=items]", "2024-09-04 HE17-HE18 1234.56 Turbine seal")
    sc.click("main button:has-text('Save draft')")
    sc.wait_for_selector("text=Claimed total $1,234.56: check the rows, then save.")
    sc.click("main button:has-text('Save draft')")
    sc.wait_for_selector("main h1 .tag-draft")
    request = sc.url
    assert "-1,234.56" in sc.inner_text("main")
    assert sc.is_disabled("main button:has-text('Submit')")  # and what is missing is said beside it
    assert "attach a document that shows the cost" in sc.inner_text("main")
    sc.set_input_files(
        "main input[type=file]",
        {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": PAPER},
    )
    sc.click("main button:has-text('Attach')")
    sc.wait_for_selector("main a:has-text('invoice.pdf')")
    sc.click("main button:has-text('Submit')")
    sc.wait_for_selector("main h1 .tag-submitted")
    # the ISO reviews, asks, and somebody else decides
    analyst.goto(request)
    analyst.click("main button:has-text('Start review')")
    analyst.wait_for_selector("main h1 .tag-review")
    analyst.fill("#note-ask", "Which seal was it?")
    analyst.click("main button:has-text('Request information')")
    analyst.wait_for_selector("main h1 .tag-question")
    sc.goto(request)
    assert "Which seal was it?" in sc.inner_text("main")
    sc.fill("#note-answer", "That of the second turbine")
    sc.click("main button:has-text('Answer')")
    sc.wait_for_selector("main h1 .tag-review")
    analyst.goto(request)
    analyst.fill("#note-recommend", "Invoice and outage card agree")
    analyst.click("main button:has-text('Recommend')")
    analyst.wait_for_selector("main h1 .tag-reviewed")
    approver.goto(request)
    approver.fill("[name='granted-0-amount']", "1,000.00")
    approver.click("main form[action$='/approve/'] button:not(.skip)")
    approver.wait_for_selector("main h1 .tag-approved")
    # its trade date is past its last disputable run: an optional run was asked for
    approver.goto("/late-corrections/")
    approver.click("main table.rows tbody a >> nth=0")
    late = approver.url
    for _ in range(60):
        if approver.locator("main .tag-sealed").count():
            break
        approver.wait_for_timeout(500)
        approver.goto(late)
    approver.click("main a:has-text('OPTIONAL no.')")
    approver.fill("#confirm", approver.inner_text("label[for=confirm] b"))
    approver.click("main button:has-text('Publish')")
    approver.wait_for_selector("main .tag-published")
    approver.goto(late)
    approver.wait_for_selector("main h1 .tag-settled")
    assert "Increments and their invoices" in approver.inner_text("main")
    # the SC follows it on its own page to the line, and to the invoice that bills it alone
    sc.goto(request)
    sc.wait_for_selector("main h1 .tag-settled")
    assert "-1,000.00" in sc.inner_text("main")
    sc.click("main a[href^='/invoices/']")
    text = sc.inner_text("main")
    assert "Bills an optional run alone" in text
    assert "RMR-COSTREC" in text
    sc.goto(request)
    sc.click("main a:has-text('of the statement')")
    assert "RMR-COSTREC" in sc.inner_text("main")
    for page in (sc, analyst, approver):
        assert [fault for fault in page.faults if "400" not in fault] == []  # the refused form

"""From a statement in the queue to a dispute, its decision and the new line, by four people.

Runs after the whole chain, whose T+70B run of 2024-09-04 it disputes.
"""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
DAY = "2024-09-04"
OF_THE_DAY = f"trade_date_from={DAY}&trade_date_to={DAY}"


@pytest.mark.brq("BRQ-1201", "BRQ-1203")
def test_a_line_is_disputed_decided_settled_again_and_verified(visit):
    sc, analyst, approver = visit("sc.bay"), visit("iso.analyst"), visit("iso.approver")
    # the SC finds the statement in its queue, acknowledges it and reads why a line is what it is
    sc.goto(f"/statement-queue/?statement__trade_date_from={DAY}&statement__trade_date_to={DAY}")
    sc.locator("tr", has_text="T+70B").first.locator("a").first.click()
    sc.click("main button:has-text('Acknowledge')")
    sc.wait_for_selector("main h1 .tag-acknowledged")
    sc.click("main a:has-text('Open the statement')")
    statement = sc.url
    sc.click("main td a:has-text('Explain') >> nth=0")
    text = sc.inner_text("main")
    assert "VERIFIED" in text
    assert "share(Total" in text
    # and disputes it from there, the form begun with what the line says
    sc.click("main a:has-text('Dispute this line')")
    assert "RMR-ALLOC" in sc.input_value("[name=reason]")
    sc.fill("[name=should_be]", "100.00")
    sc.click("main button:has-text('File the dispute')")
    sc.wait_for_selector("main h1 .tag-open")
    dispute = sc.url
    # the other statements of its queue are archived together
    sc.goto("/statement-queue/?state=WAITING")
    rows = sc.locator("td.pick input")
    assert rows.count()
    sc.check("#pick-all")
    sc.click("main button:has-text('Archive')")
    sc.wait_for_selector("text=Nothing matches these filters")
    # twice is refused gently
    sc.goto(statement)
    sc.click("main td a:has-text('Dispute') >> nth=0")
    sc.fill("[name=should_be]", "101.00")
    sc.click("main button:has-text('File the dispute')")
    assert "disputed already" in sc.inner_text("main")
    # the analyst sees what it would do to others, and accepts it for an optional run
    analyst.goto(dispute)
    assert "What granting it would do to others" in analyst.inner_text("main")
    assert "SYN_LSE_" in analyst.inner_text("main")
    analyst.fill("[name=correct_in]", "OPTIONAL")
    analyst.click("main button:has-text('Accept')")
    analyst.wait_for_selector("main h1 .tag-accepted")
    # what another price would do is tried, apart from every result
    analyst.goto("/what-ifs/new/")
    analyst.fill("[name=base]", DAY)
    analyst.fill("[name=title]", "journey")
    analyst.fill("[name=changes]", "price RMR-SUNSET = +10%")
    analyst.click("main button:has-text('Run scenario')")
    analyst.wait_for_selector("text=never published")
    # the day is settled again; a second person looks first, then types what is published
    analyst.goto("/settlement-board/")
    analyst.fill("#trade_date", DAY)
    analyst.select_option("#run_type", "OPTIONAL")
    analyst.fill("#reason", "dispute")
    analyst.click("main button:has-text('Request')")
    analyst.wait_for_selector("main h1 .tag-sealed", timeout=60_000)
    approver.goto(analyst.url)
    approver.click("main a:has-text('See first')")
    assert "Impact by SC" in approver.inner_text("main")
    approver.click("main a:has-text('To the run')")
    typed = approver.inner_text("label[for=confirm] b")
    approver.fill("#confirm", "something else")
    approver.click("main button:has-text('Publish')")
    approver.wait_for_selector("text=Type " + typed)
    approver.fill("#confirm", typed)
    approver.click("main button:has-text('Publish')")
    approver.wait_for_selector("main .tag-published")
    # the SC follows the dispute to the new line, and the chain holds
    sc.goto(dispute)
    sc.wait_for_selector("main h1 .tag-closed")
    assert "Line after correction" in sc.inner_text("main")
    sc.goto("/invoice-weeks/")
    assert "OPTIONAL RUN" in sc.inner_text("main")
    approver.goto("/publications/")
    approver.click("main button:has-text('Verify the chain now')")
    approver.wait_for_selector("text=verified")
    for page in (sc, analyst, approver):
        assert [fault for fault in page.faults if "400" not in fault] == []  # the refused form

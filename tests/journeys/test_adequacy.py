"""From a credit file to an LSE's credits, from an outage to its substitute, in a real Chromium."""

from __future__ import annotations

import pytest

from tests.adequacy.files import MONTHLY, supply_plan
from tests.journeys.test_designation import fill

pytestmark = pytest.mark.browser


def test_credits_plans_substitutes_availability_and_cpm(visit, tmp_path):
    # the operator sends credits, the approver confirms, and the distribution is on screen
    operator, approver = visit("iso.operator"), visit("iso.approver")
    files = {
        "demand-forecasts": "RA_YEAR,RA_MONTH,TAC_AREA,FORECAST_MW\n2024,10,PGE-TAC,20000\n",
        "load-shares": "RA_YEAR,RA_MONTH,TAC_AREA,LSE_SCID,LOAD_SHARE\n"
        "2024,10,PGE-TAC,SYN_LSE_NORTH,0.7\n2024,10,PGE-TAC,SYN_LSE_BAY,0.3\n",
        "rmr-credits-monthly": "".join(MONTHLY.splitlines(keepends=True)[:2]).replace(
            "2024,9,", "2024,10,"
        ),
    }
    for kind, text in files.items():
        path = tmp_path / f"{kind}.csv"
        path.write_text(text)
        operator.goto(f"/upload/{kind}/")
        operator.set_input_files("input[type=file]", path)
        operator.click("text=Upload and check")
        operator.wait_for_selector("text=READY")
        approver.goto(operator.url)
        if approver.locator("#reason").count():
            approver.fill("#reason", "journey")
        approver.click("text=Confirm and load")
        approver.wait_for_url("**/credit-distribution/2024-10/")
    approver.wait_for_selector("main h1 .tag-sealed", timeout=60_000)
    assert "34.44" in approver.inner_text("main")  # 49.20 × 0.7
    approver.wait_for_selector("[data-chart=flows] svg")
    approver.fill("#confirm", approver.inner_text("label[for=confirm] b"))
    approver.click("main button:has-text('Publish')")
    approver.wait_for_selector("main .tag-published")
    lse = visit("sc.bay")
    lse.goto("/lse-credits/?ra_year=2024&process=MONTHLY")
    assert "14.76" in lse.inner_text("main")
    assert "SYN_LSE_NORTH" not in lse.inner_text("main")
    # an SC shows an RMR resource in a plan: refused with the row; without it accepted
    sc = visit("sc.sunset")
    for resource, state in (("SUNSET_2_UNITS", "REFUSED"), ("SYN_CEDAR_4_ST", "ACCEPTED")):
        sc.goto("/plans/new/")
        row = (resource, "0", "20", "10/1/2024", "10/31/2024")
        fill(sc, period="2024-10", rows=supply_plan(row, scid="SYN_GEN_SUNSET"))
        sc.click("main button.primary")
        sc.wait_for_selector(f"text={state}")
        if state == "REFUSED":
            assert "RMR-E-0119" in sc.inner_text("main")
    sc.goto("/ra-capacity/?day=2024-10-02")
    assert "268.00" in sc.inner_text("main")  # 248 of RMR and 20 shown in one column
    # an outage, its substitutes, why the others are none, and one asked for
    operator.goto("/substitute-candidates/?outage=SYN-1")
    text = operator.inner_text("main")
    assert "SYN_BASIN_7_CC" in text
    assert "RMR-E-0211" in text
    assert "Without a substitute" in text
    operator.click("main tbody a:has-text('Substitute') >> nth=0")
    fill(operator, mw="5", late_reason="SYNTHETIC: told by telephone")
    operator.click("main button.primary")
    operator.wait_for_selector("text=APPROVED")
    # the day is measured again, and the month opens hour by hour
    analyst = visit("iso.analyst")
    analyst.goto("/availability/?month=2024-09")
    analyst.fill("#trade_date", "2024-09-06")
    analyst.click("main button:has-text('Calculate')")
    analyst.wait_for_selector("main h1 .tag-sealed", timeout=60_000)
    analyst.goto("/availability/?month=2024-09")
    analyst.click("main tbody a:has-text('SYN_HARBOR_1_GT')")
    assert analyst.locator("table.heat td.out1, table.heat td.out2").count() >= 1
    # the public reads reports of CPM; the operator solicits
    operator.goto("/cpm-solicitations/new/")
    fill(
        operator,
        first_date="2030-08-01",
        last_date="2030-08-31",
        need_mw="50",
        closes_at="2030-07-01T12:00",
        text="SYNTHETIC need",
    )
    operator.click("main button.primary")
    operator.wait_for_selector("text=OPEN")
    sc.goto("/cpm-offers/new/")
    fill(sc, solicitation="1", resource="SUNSET_2_UNITS", mw="10", price="5.00")
    sc.click("main button.primary")
    assert "CPM-NQC" in sc.inner_text("main") or "RMR-E-0300" in sc.inner_text("main")
    for seen in (operator, approver, lse, sc, analyst):
        assert seen.faults == [] or all("400" in fault for fault in seen.faults), seen.faults

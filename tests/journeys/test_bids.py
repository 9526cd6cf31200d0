"""From costs to an inserted bid and the market's payload, in a real Chromium."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from apps.platform.core.tradetime import PACIFIC, first_of_month, last_of_month
from tests.journeys.test_designation import approve, fill

pytestmark = pytest.mark.browser
TERMS = (
    "CONTRACT_ID,RESOURCE_ID,EFFECTIVE_DATE,CONDITION,START_DATE,END_DATE,RELIABILITY_SCOPE,"
    "LOCAL_AREA,PRICE_USD_PER_MW_DAY,TAC_AREA,OBLIGATION_TYPE,MW,SOURCE\n"
    "RMR-SUNSET,SUNSET_2_UNITS,2021-02-01,,{first},{last},SYSTEM,,306.7,PGE-TAC,GENERIC,248.00,"
    "SYNTHETIC term of the journey\n"
)


def run(page, kind, day):
    """Ask for a run on the page of runs and wait until it is sealed."""
    page.goto("/costs/")
    page.fill("#trade_date", f"{day}")
    page.select_option("#kind", kind)
    page.click("text=Calculate")
    page.wait_for_selector("main h1 .tag-sealed", timeout=60_000)


def test_costs_bid_insertion_and_what_the_market_is_told(visit, tmp_path):
    today = datetime.now(PACIFIC).date()
    day = today + timedelta(days=2)
    terms = tmp_path / "terms.csv"
    terms.write_text(TERMS.format(first=first_of_month(day), last=last_of_month(day)))
    page = visit("iso.contracts")
    page.goto("/upload/contract-terms/")
    page.set_input_files("input[type=file]", terms)
    page.click("text=Upload and check")
    page.wait_for_selector("text=READY")
    confirm = visit("iso.approver")
    confirm.goto(page.url)
    if confirm.locator("#reason").count():
        confirm.fill("#reason", "journey")
    confirm.click("text=Confirm and load")
    confirm.wait_for_selector("text=CONFIRMED")
    # an adder by two people
    page.goto("/cost-adder-proposals/new/")
    fill(
        page,
        resource="SUNSET_2_UNITS",
        kind="MMA_START_UP",
        amount="3000",
        origin="NEGOTIATED",
        first_date=f"{today}",
        reference="SYNTHETIC",
    )
    page.click("main button.primary")
    page.wait_for_selector("text=PROPOSED")
    approve(visit, page.url)
    # the analyst calculates the day
    desk = visit("iso.analyst")
    run(desk, "costs.daily", day)
    desk.click("main a:has-text('Default energy bids')")
    desk.click("main tbody a:has-text('SUNSET_2_UNITS') >> nth=0")
    assert desk.locator("svg.curve rect").count() >= 4
    assert "× 1 =" in desk.inner_text("main")
    # the SC bids: above cost is refused with the limit, below is taken
    sc = visit("sc.sunset")
    sc.goto(f"/bids/new/?resource=SUNSET_2_UNITS&trade_date={day}")
    sc.fill("#id_energy", "40 150 500")
    sc.click("main button.primary")
    assert "the limit is" in sc.inner_text("main")
    sc.fill("#id_energy", "40 150 12.50")
    sc.click("main button.primary")
    sc.wait_for_selector("text=SUBMITTED")
    # closed hours take no bid
    sc.goto("/bids/new/")
    fill(sc, resource="SUNSET_2_UNITS", trade_date="2024-09-04", energy="40 150 12.50")
    sc.click("main button.primary")
    assert "BID-CLOSED" in sc.inner_text("main")
    # a file with a wrong row is refused with the row
    sc.goto("/bid-files/new/")
    sc.fill(
        "#id_rows",
        "MARKET,RESOURCE_ID,TRADE_DATE,HOUR_ENDING,PRODUCT,FROM_MW,MW,PRICE\n"
        f"DA,SUNSET_2_UNITS,{day},1,ENERGY,40,30,10\n",
    )
    sc.click("main button.primary")
    sc.wait_for_selector("text=REFUSED")
    assert "BID-SEGMENT" in sc.inner_text("main")
    # an outage lowers the obligation
    sc.goto("/outage-cards/new/")
    fill(
        sc,
        resource="SUNSET_2_UNITS",
        curtailed_mw="48",
        starts_at=f"{day}T08:00",
        ends_at=f"{day}T12:00",
        reason="SYNTHETIC leak",
    )
    sc.click("main button.primary")
    sc.wait_for_selector("text=ON_FILE")
    run(desk, "bids.insertion_da", day)
    sc.goto(f"/bid-hours/?trade_date_from={day}&trade_date_to={day}")
    sc.click("main tbody a:has-text('SUNSET_2_UNITS') >> nth=8")
    assert sc.locator("svg.curve rect.sc").count() == 1
    assert sc.locator("svg.curve rect.iso").count() >= 1
    text = sc.inner_text("main")
    assert "200.00" in text
    assert "Inserted: energy 150 to" in text
    # the market is told, and the payload was taken
    operator = visit("iso.operator")
    operator.goto(f"/market-payloads/?trade_date_from={day}&trade_date_to={day}")
    operator.click("main tbody a >> nth=0")
    for _ in range(40):
        if "DELIVERED" in operator.inner_text("main h1"):
            break
        operator.wait_for_timeout(500)
        operator.reload()
    assert "DELIVERED" in operator.inner_text("main h1")
    assert "NEW_TARIFF" in operator.inner_text("main")
    for seen in (page, desk, sc, operator, confirm):
        assert seen.faults == [] or all("400" in fault for fault in seen.faults), seen.faults

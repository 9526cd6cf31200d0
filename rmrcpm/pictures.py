"""``make docs``: take the guide's pictures from a running demo (``make run`` in another terminal).

Needs a Chromium. The address is http://localhost:8000 or what ``RMRCPM_ADDRESS`` says.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PASSWORD = os.environ.get("RMRCPM_DEMO_PASSWORD", "walk-the-line-2024")
BROKEN = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n" + "".join(
    f"SYN_LSE_BAY,PGE-TAC,2024-10-01,{h},{'1;5' if h == 3 else '41.25'}\n" for h in range(1, 25)
)


def sign_in(browser: Any, name: str, scheme: str = "light") -> Any:
    """Return a page of a person."""
    site = os.environ.get("RMRCPM_ADDRESS", "http://localhost:8000")
    size = {"width": 1280, "height": 800}
    page = browser.new_context(viewport=size, color_scheme=scheme, base_url=site).new_page()
    page.goto("/accounts/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.click("main button.primary")
    return page


def take(page: Any, name: str) -> None:
    """Keep what the page shows."""
    page.wait_for_timeout(700)
    page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """Walk the demo and take every picture of the guide."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        sys.exit("No Chromium is installed (package chromium).")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        iso = sign_in(browser, "iso.operator")
        iso.goto("/upload/rmr-nqc-efc/")
        take(iso, "upload")
        iso.goto("/upload/metered-demand/")
        iso.fill("[name=pasted]", BROKEN)
        iso.click("form[data-upload] button.primary")
        iso.wait_for_url("**/uploads/*/")
        iso.click("text=Correct here")
        take(iso, "mend")
        iso.goto("/trade-dates/2024-09-04/")
        take(iso, "trade-date")
        iso.goto("/credit-distribution/2024-09/")
        take(iso, "credits")
        iso.goto("/availability/?month=2024-09")
        iso.click("main tbody a:has-text('SUNSET_2_UNITS')")
        take(iso, "availability")
        iso = sign_in(browser, "iso.approver")
        iso.goto("/ra-designations/")
        take(iso, "designations")
        iso.goto("/price-changes/1/")
        take(iso, "price-change")
        iso.goto("/default-energy-bids/?unit=SYN_HARBOR&trade_date_from=2024-09-04")
        iso.click("main tbody a >> nth=0")
        take(iso, "energy-bid")
        sc = sign_in(browser, "sc.sunset")
        sc.goto("/bid-hours/?market=DA&trade_date_from=2024-09-04&trade_date_to=2024-09-04")
        sc.click("main tbody a:has-text('SUNSET') >> nth=15")
        take(sc, "inserted-bid")
        sc = sign_in(browser, "sc.bay", "dark")
        sc.goto("/statements/?q=")
        sc.click("#results tbody a >> nth=0")
        sc.click("main table tbody a >> nth=0")
        take(sc, "explain")
        browser.close()


if __name__ == "__main__":
    main()

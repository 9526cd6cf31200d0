"""The real programs below a prefix, behind no proxy, in a real Chromium."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import PASSWORD, Product

pytestmark = [pytest.mark.browser, pytest.mark.turns(3, of=("rmrcpm/",))]
PREFIX = "/beneath/rmr"


@pytest.fixture(scope="module")
def below(tmp_path_factory, copied):
    """The product, mounted below a prefix."""
    home = copied(tmp_path_factory.mktemp("below") / "home")
    running = Product(home, RMRCPM_PREFIX=PREFIX, PORT="8640", RMRCPM_MACHINES="0")
    running.start()
    yield running
    running.stop()


def test_a_person_works_below_the_prefix_from_sign_in_to_sign_out(below, browser):
    context = browser.new_context(base_url=f"{below.url}{PREFIX}/")
    page = context.new_page()
    asked, faults = [], []
    page.on("request", lambda r: asked.append(urlsplit(r.url)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.goto(f"{below.url}{PREFIX}/uploads/")
    page.fill("#id_login", "iso.admin")
    page.fill("#id_password", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url(f"**{PREFIX}/uploads/")
    page.click("thead a >> nth=1")
    page.wait_for_url("**sort=*")
    with page.expect_download() as told:
        page.click("a:text-is('CSV')")
    assert told.value.suggested_filename == "uploads.csv"
    page.click("#results tbody a >> nth=0")
    page.wait_for_url(f"**{PREFIX}/uploads/*/")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url(f"**{PREFIX}/trade-dates/")
    page.click("text=Dark")
    page.wait_for_selector("html[data-theme=dark]")
    page.goto(f"{below.url}{PREFIX}/?tour=1")
    page.wait_for_selector("dialog.tour")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.tour", state="detached")
    cookies = {c["name"]: c["path"] for c in context.cookies()}
    assert set(cookies) >= {"sessionid", "csrftoken", "theme"}
    assert set(cookies.values()) == {PREFIX}
    page.click("text=Sign out")
    page.wait_for_url(f"**{PREFIX}/accounts/login/")
    here = [a for a in asked if a.netloc == urlsplit(below.url).netloc]
    assert len(here) > 40
    assert [a.path for a in here if not a.path.startswith(f"{PREFIX}/")] == []
    assert faults == []
    context.close()

"""The desk in a real Chromium: sign-in with app and passkey, mending, views, keys, tour."""

from __future__ import annotations

import re
import socket
import time

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from tests.journeys.conftest import again
from tests.platform.uploads.test_hostile import HEAD, ROWS, text

pytestmark = pytest.mark.browser


def test_a_passkey_is_added_and_signs_in_without_a_password(visit):
    page = visit("iso.legal", own=True)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto("/accounts/2fa/webauthn/add/")
    again(page)
    page.fill("#id_name", "My laptop")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    page.click("header button:has-text('Sign out')")
    page.goto("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_selector("text=iso.legal")
    page.goto("/accounts/2fa/webauthn/")
    assert "My laptop" in page.inner_text("main")
    page.goto("/accounts/2fa/")
    assert page.faults == []


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture(scope="module")
def app():
    """What the authenticator app of a person holds: set up by one test, asked by a later one."""
    return {}


def test_an_authenticator_app_is_set_up_from_the_picture(visit, app):
    page = visit("iso.monitor", own=True)
    page.goto("/accounts/2fa/totp/activate/")
    again(page)
    assert page.locator("img.qr").bounding_box()["width"] > 150
    app["secret"] = page.input_value("#authenticator_secret")
    app["used"] = code_of(app["secret"])
    page.fill("#id_code", app["used"])
    page.click("main button.primary")
    page.wait_for_url("**/recovery-codes/**")
    assert page.faults == []


def test_cells_are_pasted_refused_and_mended_in_place(visit):
    rows = [[*r[:2], "2024-10-07", *r[3:]] for r in ROWS]
    rows[4][4] = "4l.25"
    page = visit("iso.operator")
    page.goto("/upload/metered-demand/")
    page.fill("[name=pasted]", text([HEAD, *rows], "\t"))
    page.click("text=Upload and check")
    page.wait_for_selector("text=REFUSED")
    page.click("text=Correct here")
    cell = page.locator("td.wrong input")
    assert cell.input_value() == "4l.25"
    cell.fill("41.25")
    page.get_by_role("button", name="Upload the corrected file").click()
    page.wait_for_selector("text=READY")
    assert "corrected from" in page.inner_text("main")
    page.click("text=All changes")
    assert "all (24)" in page.inner_text("main")
    assert page.faults == []


def test_a_file_is_dropped_and_its_bytes_are_counted(visit):
    page = visit("iso.operator")
    page.goto("/upload/metered-demand/")
    content = text([HEAD, *([*r[:2], "2024-10-08", *r[3:]] for r in ROWS)])
    carried = page.evaluate_handle(
        "content => { const d = new DataTransfer();"
        "d.items.add(new File([content], 'dropped.csv', {type: 'text/csv'})); return d; }",
        content,
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": carried})
    assert "dropped.csv" in page.inner_text("[data-file-name]")
    page.click("text=Upload and check")
    page.wait_for_selector("h1:has-text('dropped.csv')")
    assert page.faults == []


def test_a_view_is_saved_and_the_keyboard_goes_where_it_should(visit):
    page = visit("iso.analyst")
    page.goto("/metered-demand/?hour_ending=18")
    page.click("th a:has-text('SC')", modifiers=["Shift"])
    page.wait_for_url("**sort=**")
    page.click("th a:has-text('Metered demand')", modifiers=["Shift"])
    page.wait_for_selector("th sup:has-text('2')")
    page.click("summary:has-text('Views')")
    page.fill("#view-name", "Evening peak")
    page.click("button:has-text('Save view')")
    page.wait_for_selector("text=Saved as Evening peak")
    page.goto("/metered-demand/")
    page.click("summary:has-text('Views')")
    page.click("a:has-text('Evening peak')")
    page.wait_for_url("**hour_ending=18**")
    page.wait_for_selector("html.has-script", state="attached")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr.current").count() == 1
    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("sunset")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Search')")
    page.wait_for_selector("html.has-script", state="attached")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_url("**/uploads/")
    assert page.faults == []


def test_a_tour_shows_somebody_new_around(visit):
    page = visit("sc.bay", at="/")
    page.click("text=Show me around")
    page.wait_for_url("**tour=1**")
    page.wait_for_selector("dialog.tour")
    assert "Your statements" in page.inner_text("dialog.tour")
    for _ in range(4):
        assert page.locator(".tour-spot").is_visible()
        page.click("dialog.tour button.primary")
    page.click("dialog.tour button:has-text('Done')")
    assert page.locator("dialog.tour").count() == 0
    assert page.faults == []


def test_a_person_is_invited_in_the_browser_and_comes_in(product, visit):
    """The link goes by mail only; without a mail server into a folder of the machine."""
    page = visit("sc.bay.admin")
    page.goto("/users/invite/")
    page.fill("#id_username", "bay.new")
    page.fill("#id_first_name", "New")
    page.check("label:has-text('SC read-only') input")
    page.click("main button.primary")
    page.wait_for_selector("text=bay.new is invited")
    assert "/accounts/join/" not in page.inner_text("body")
    mails = sorted((product.home / "mail").iterdir(), key=lambda p: p.stat().st_mtime)
    link = re.search(r"http\S+/accounts/join/\S+", mails[-1].read_text())[0]
    fresh = visit()
    fresh.goto(link)
    for field in ("#id_new_password1", "#id_new_password2"):
        fresh.fill(field, "chosen-by-herself-1")
    fresh.click("main button.primary")
    fresh.fill("#id_login", "bay.new")
    fresh.fill("#id_password", "chosen-by-herself-1")
    fresh.click("main button.primary")
    fresh.wait_for_selector("text=bay.new")
    assert page.faults == fresh.faults == []


def test_the_authenticator_app_that_was_set_up_is_asked_for(visit, app):
    """By now the half minute of the code that was used has mostly passed: one is taken once."""
    page = visit("iso.monitor", own=True)
    page.wait_for_selector("#id_code")
    for _ in range(70):
        if code_of(app["secret"]) != app["used"]:
            break
        time.sleep(0.5)
    page.fill("#id_code", code_of(app["secret"]))
    page.click("main button.primary")
    page.wait_for_selector("text=iso.monitor")
    assert page.faults == []


def test_a_connection_cut_midway_stores_nothing_and_harms_nobody(product, visit):
    page = visit("iso.operator")
    page.goto("/uploads/")
    before = page.locator("tbody tr").count()
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())
    host, port = product.url.removeprefix("http://").split(":")
    for _ in range(6):
        with socket.create_connection((host, int(port))) as line:
            line.sendall(
                "POST /upload/metered-demand/ HTTP/1.1\r\nHost: localhost\r\n"
                f"Cookie: {cookies}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                "Content-Length: 900000\r\n\r\n--x\r\nContent-Disposition: form-data; "
                'name="file"; filename="cut.csv"\r\n\r\nSC_ID,TAC'.encode()
            )
    page.reload()
    assert page.locator("tbody tr").count() == before
    assert "cut.csv" not in page.inner_text("main")
    assert page.goto("/").status == 200

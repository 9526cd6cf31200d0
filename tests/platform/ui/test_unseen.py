"""Characters that nobody sees are shown by their codes wherever people read."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import RequestFactory

from apps.platform.accounts.models import User
from apps.platform.core.numbers import hint
from apps.platform.core.unseen import UNSEEN, seen_text, shown
from apps.platform.notifications.services import tell
from apps.platform.ui.middleware import VisibleSigns
from tests import acts

TURNED = "invoice\u202efdp.exe"
# signs of formatting that are seen: they stand over or before digits
SEEN = {*range(0x600, 0x606), 0x6DD, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


def test_every_character_of_control_or_format_is_shown_by_its_code():
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        unseen = unicodedata.category(character) in ("Cf", "Cc", "Zl", "Zp")
        if unseen and number not in SEEN and character not in "\t\n\r":
            assert shown(character) == f"[U+{number:04X}]"
    assert not UNSEEN.search("".join(map(chr, range(0x20, 0x7F))) + "é–—“”·≠✓\u00a0\t\r\n日本")


def test_a_text_is_shown_with_its_codes_in_place():
    assert shown(TURNED) == "invoice[U+202E]fdp.exe"
    assert shown("a\u200bb\x07") == "a[U+200B]b[U+0007]"
    assert "U+2066" in hint("1\u20665")


@pytest.mark.parametrize("media", [*VisibleSigns.READ_BY_PEOPLE, "text/html; charset=utf-8"])
def test_pages_and_feeds_show_what_data_keeps(media):
    def asked(content_type):
        door = VisibleSigns(lambda request: HttpResponse(TURNED, content_type=content_type))
        return door(RequestFactory().get("/")).content.decode()

    assert asked(media) == "invoice[U+202E]fdp.exe"
    assert asked("text/csv") == asked("application/json") == TURNED


@pytest.mark.django_db
def test_a_name_that_turns_text_around_is_seen_on_pages(as_user):
    User.objects.filter(username="sc.bay").update(first_name=TURNED)
    page = as_user("iso.admin").get("/users/?q=sc.bay")
    assert b"invoice[U+202E]fdp.exe" in page.content
    assert "\u202e" not in page.content.decode()


@pytest.mark.django_db
def test_a_reason_is_seen_in_a_mail(person, django_capture_on_commit_callbacks):
    user = person("iso.approver")
    User.objects.filter(pk=user.pk).update(email="a@b.example")
    user.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        tell([user], topic="file-waits", at=acts.now(), title=TURNED, body=f"b\u200b{TURNED}")
    texts = "".join(f"{m.subject}{m.body}" for m in mail.outbox)
    assert "\u202e" not in texts
    assert "\u200b" not in texts


@pytest.mark.django_db
@pytest.mark.brq("BRQ-0105")
@pytest.mark.parametrize("sign", ["\u202e", "[U+202E]"])
def test_a_cell_that_holds_one_or_its_code_is_refused_and_named(send, sign):
    head = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
    upload = send("metered-demand", head + f"SYN{sign}_LSE_BAY,PGE-TAC,2024-10-01,1,1\n")
    said = upload.violations.get(code="UP-CONTROL")
    assert said.message == (
        "SC_ID holds characters that control or turn text, such as [U+202E]. Type it anew."
    )
    assert (upload.state, said.line) == ("REFUSED", 2)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\u200b", ""),
        (" \u200b\ufeff\t", ""),
        ("\u2800\u2800", ""),
        ("\u3000", ""),
        ("\u2060why", "\u2060why"),
        (" why ", "why"),
        (".", "."),
        ("", ""),
    ],
)
def test_a_text_in_which_nothing_is_seen_is_none(text, seen):
    assert seen_text(text) == seen


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["\u200b", "\u2800 \u00ad"])
def test_a_sign_that_nobody_sees_is_no_reason_at_any_door(reason, as_user, load, send):
    """Given a warning and a proposal, when the reason shows nothing, then it is none."""
    head = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
    rows = "".join(f"SYN_LSE_BAY,PGE-TAC,2024-10-01,{h},100\n" for h in range(1, 25))
    load("metered-demand", head + rows)
    upload = send("metered-demand", head + rows.replace(",100\n", ",100000\n"))
    asked = {str(v.pk): reason for v in upload.violations.filter(code__startswith="PL-")}
    assert asked
    door = as_user("iso.approver")
    answer = door.post(
        f"/api/v1/uploads/{upload.pk}/confirm/",
        {"reason": reason, "acknowledged": asked},
        content_type="application/json",
    )
    assert answer.status_code == 409, answer.content
    upload.refresh_from_db()
    assert upload.state == "READY"
    sent = {"name": "rmr.smaller_pmax", "text": "TERMS", "first_date": "2027-01-01"}
    sent |= {"reference": reason, "reason": reason}
    answer = as_user("iso.admin").post(
        "/api/v1/parameter-proposals/new/", sent, content_type="application/json"
    )
    assert answer.status_code == 400
    assert {v["column"] for v in answer.json()["violations"]} >= {"reason", "reference"}

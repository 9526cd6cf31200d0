"""Whatever stands in an address or a form is answered: no text fails at the database."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.test.client import encode_multipart

from apps.platform.ui.middleware import NoNul
from apps.platform.ui.screens import SCREENS
from apps.platform.uploads.models import Upload
from tests.pages.addresses import ADDRESSES
from tests.plugins.sampling import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0105")]
# what views, filters and the API read by hand from an address
ASKED = (
    "app",
    "asked",
    "case",
    "change",
    "cols",
    "date",
    "day",
    "drop",
    "form",
    "format",
    "from",
    "hour",
    "level",
    "market",
    "month",
    "new",
    "old",
    "page",
    "part",
    "party",
    "per_page",
    "q",
    "resource",
    "row",
    "run",
    "sc",
    "severity",
    "sort",
    "state",
    "to",
    "view",
    "week",
    "year",
)
ODD = ["\x00", "a\x00b", "9" * 40, "9" * 5_000, "\u00b2", "\u0661\u0662", "\ufffd", "1e999"]
DEMAND = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\nSYN_LSE_BAY,PGE-TAC,2024-10-01,1,x\n"
PLAIN = sorted(
    r
    for r in ADDRESSES
    if not set("<^(") & set(r)
    and not r.startswith("accounts/")
    and r != "health/ready"  # it answers 503 where no work moves, as in a test
)


@pytest.mark.parametrize("route", PLAIN)
def test_an_address_answers_whatever_is_asked_behind_it(route, as_user):
    client = as_user("iso.admin")
    for odd in odd_for(route):
        assert client.get(f"/{route}", dict.fromkeys(ASKED, odd)).status_code < 500, odd
    assert client.get(f"/{route}?%00=%00&q=%ED%A0%80%FF").status_code < 500


def odd_for(place):
    """Return the texts a place is asked today: other ones each day, all of them in eight."""
    named = {f"{place} {number}": odd for number, odd in enumerate(ODD)}
    return [named[name] for name in in_turn(named, days=8)]


@pytest.mark.parametrize("at", range(0, len(SCREENS), 10))
def test_a_list_answers_whatever_is_asked_behind_it(at, as_user, undrawn):
    """Each parameter that a list knows by itself, and each of its filters, all at once."""
    client = as_user("iso.admin")
    for screen in list(SCREENS)[at : at + 10]:
        asked = {*ASKED, *(str(name) for name in screen.filters)} - {"view"}
        for address in (f"/{screen.name}/", f"/api/v1/{screen.name}/"):
            for odd in odd_for(address):
                assert client.get(address, dict.fromkeys(asked, odd)).status_code < 500, odd
                assert client.get(address, {"view": odd}).status_code in (200, 302, 400, 404), odd


@pytest.mark.parametrize("odd", ODD)
def test_the_findings_of_an_upload_are_told_apart_by_what_there_is(odd, send, as_user):
    upload = send("metered-demand", DEMAND)
    client = as_user("iso.operator")
    page = client.get(f"/uploads/{upload.pk}/", {"severity": odd, "page": odd})
    assert page.status_code == 200
    assert page.context["severity"] == ""
    assert "UP-NUMBER" in page.content.decode()
    assert client.get(f"/uploads/{upload.pk}/changes/", {"change": odd}).status_code == 200
    named = client.get(f"/uploads/{upload.pk}/", {"severity": "warning"})
    assert (named.context["severity"], b"UP-NUMBER" in named.content) == ("warning", False)


@pytest.mark.parametrize(
    "address",
    [
        "/parameters/a%00b/",
        "/uploads/%00/",
        "/api/v1/statement-months/a%00/2024-09/",
        "/availability/2024%00/measure/",
        "/upload/a%00/",
        "/search/%00",
    ],
)
def test_an_address_with_a_nul_names_nothing(address, as_user):
    assert as_user("iso.admin").get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/upload/metered-demand/", {"pasted": "A\x00", "note": "a\x00b"}),
        ("/upload/nqc-list/", {"pasted": "A", "option_ra_year": "20\x0024"}),
        ("/events/", {"form": "save", "name": "a\x00b"}),
        ("/events/", {"form": "drop", "drop": "1\x00"}),
        ("/theme/", {"theme": "\x00", "next": "/\x00"}),
    ],
)
def test_a_form_with_a_nul_is_answered(address, fields, as_user):
    client = as_user("iso.admin")
    assert client.post(address, fields).status_code < 500
    assert client.post(address, dict.fromkeys([*fields, "\x00"], "\x00")).status_code < 500


def test_a_program_that_sends_a_nul_among_the_options_is_answered(as_user):
    from django.core.files.uploadedfile import SimpleUploadedFile

    before = Upload.objects.count()
    answer = as_user("iso.operator").post(
        "/api/v1/uploads/send/",
        {
            "kind": "metered-demand",
            "file": SimpleUploadedFile("a\x00.csv", DEMAND.encode()),
            "own_ids": "A\x00B",
            "\x00": "\x00",
        },
    )
    assert answer.status_code == 201
    assert Upload.objects.count() == before + 1
    sent = Upload.objects.latest("pk")
    assert "\x00" not in f"{sent.options}{sent.file_name}"


def test_what_is_left_of_a_text_is_what_somebody_typed():
    seen = {}

    def view(request):
        middleware.process_view(request, None, (), {})
        seen.update(asked=dict(request.GET.lists()), filled=dict(request.POST.lists()))

    middleware = NoNul(view)
    body = encode_multipart("x", {"name": ["a\x00b", "c"], "file": ""})
    request = RequestFactory().post(
        "/x/?q=a%00b&q=c&%00d=1", body, content_type="multipart/form-data; boundary=x"
    )
    middleware(request)
    assert seen["asked"] == {"q": ["ab", "c"], "d": ["1"]}
    assert seen["filled"] == {"name": ["ab", "c"], "file": [""]}

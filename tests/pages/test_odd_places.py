"""Whatever stands within an address is answered: no number, sign or encoding fails at our end."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from apps.platform.accounts.models import User
from tests.pages.addresses import LIBRARY, routes
from tests.pages.test_every_address import PART
from tests.plugins.sampling import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0105")]
BIGINT = str(2**63)
NUMBERS = [BIGINT, "9" * 40, "9" * 5_000, str(2**31), "0"]
TEXTS = ["%00", "a%00b", "%01", "%E2%80%AE", "%ED%A0%80", "%F4%90%80%80", "9" * 5_000, "[", "%0A"]
PLACED = sorted(r for r in routes() if PART.search(r) and not r.startswith(LIBRARY))


def addresses_of(route):
    """Yield the addresses of a route with odd things in its places, all of one kind at a time."""
    numbers = in_turn([f"{route} {n}" for n in range(len(NUMBERS))], days=3)
    texts = in_turn([f"{route} {n}" for n in range(len(TEXTS))], days=5)
    for n, number in enumerate(NUMBERS):
        if f"{route} {n}" in numbers:
            yield filled(route, number, "2024-09")
    for n, text in enumerate(TEXTS):
        if f"{route} {n}" in texts:
            yield filled(route, "1", text)


def filled(route, number, text):
    def value(match):
        return number if match[0].startswith("<int:") or "\\d" in match[0] else text

    path = PART.sub(value, route)
    return "/" + path.replace("^", "").replace("$", "").replace("\\.", ".").replace("/?", "/")


@pytest.mark.parametrize("part", range(8))
@pytest.mark.parametrize("name", ["iso.admin", "sc.bay"])
def test_an_address_answers_whatever_stands_in_its_places(part, name, client):
    client.force_login(User.objects.get(username=name))
    for route in PLACED[part::8]:
        for address in dict.fromkeys(addresses_of(route)):
            for method in (client.get, client.post):
                assert method(address).status_code < 500, address[:200]


@pytest.mark.parametrize(
    "target", ["[", "//x", "http://[", "a:b", "javascript:1", "/\\x", "x y", "\u202e"]
)
def test_a_way_back_that_is_no_address_leads_home(target, client):
    answer = client.post("/theme/", {"theme": "dark", "next": target})
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert (
        client.post("/theme/", {"theme": "dark", "next": "/help/?a=["})["Location"] == "/help/?a=["
    )


@pytest.mark.parametrize("target", ["[", "http://[", "//["])
def test_who_signs_in_is_led_to_an_address_of_ours(target, client):
    answer = client.post(
        "/accounts/login/", {"login": "sc.bay", "password": "wrong", "next": target}
    )
    assert answer.status_code < 500
    assert client.get("/accounts/login/", {"next": target}).status_code < 500
    client.force_login(User.objects.get(username="sc.bay"))
    assert client.get("/accounts/login/", {"next": target}).status_code < 500
    assert client.post("/accounts/logout/", {"next": target}).status_code < 500


@pytest.mark.parametrize(
    ("media", "status"),
    [
        *((f"application/json; charset={c}", 415) for c in ("zlib", "bz2", "hex", "undefined")),
        *((f"text/plain; charset={c}", 415) for c in ("utf-7", "utf-16", "no-such", '"zlib"')),
        ("text/plain; charset*=zlib''x", 415),
        ("text/plain; a*=no-such''%41", 415),
        ("text/plain; charset=UTF-8", 200),
        ('text/plain; charset="utf-8"', 200),
        ("text/plain", 200),
        ("", 200),
    ],
)
def test_no_charset_that_a_program_names_fails_or_unpacks(media, status, served):
    told = []
    environ = RequestFactory().get("/health/live?q=a").environ | {"CONTENT_TYPE": media}
    body = b"".join(served(environ, lambda status, headers: told.append((status, headers))))
    assert told[0][0].startswith(str(status))
    assert (b"Text is read as UTF-8" in body) == (status == 415)


@pytest.mark.parametrize("dropped", ["9" * 5_000, BIGINT, "-1", "1.5", "\u00b2"])
def test_a_view_is_dropped_by_a_number_that_is_one(dropped, as_user):
    client = as_user("iso.admin")
    assert client.post("/events/view/", {"drop": dropped, "name": "x"}).status_code < 500
    assert client.post("/statements/view/", {"drop": dropped}).status_code < 500
    assert client.post("/events/bulk/", {"row": dropped, "action": "x"}).status_code < 500

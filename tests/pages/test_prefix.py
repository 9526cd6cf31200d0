"""The site mounted below a prefix: no address of any answer stands outside it."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.urls import Resolver404, clear_script_prefix, resolve, reverse, set_script_prefix

from apps.platform.accounts.models import User
from apps.platform.jobs.models import Job
from apps.platform.notifications.models import Notification
from apps.platform.notifications.services import tell
from rmrcpm.wsgi import mounted as mounted_at
from tests.pages.addresses import routes
from tests.pages.test_every_address import fill, rows  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
PREFIX = "/beneath/rmr"
# files hold rows and no links; forms only are sent to the rest, which their lists show
NO_PAGES = re.compile(r"\.(csv|xlsx|parquet)$|/(export|view|bulk)/$")
IN_JSON = re.compile(r'"(/[^"]*)"')


class Addresses(HTMLParser):
    """What a page links to, sends to or fetches, and what a script may by its attributes."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if value and value.startswith("/"):
                self.found.add(value)
            elif value and name.startswith(("data-", "hx-")):
                self.found.update(IN_JSON.findall(value))


def addresses_in(html):
    parser = Addresses()
    parser.feed(html)
    return parser.found


def leads_somewhere(address):
    path = re.split(r"[?#]", address.removeprefix(PREFIX))[0]
    try:
        resolve(path)
    except Resolver404:
        return path.startswith("/static/")
    return True


def texts_in(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return {text for part in value for text in texts_in(part)}
    return {value} if isinstance(value, str) else set()


@pytest.fixture
def mounted(settings):
    """The settings that RMRCPM_PREFIX makes, and what the web server does for each request."""
    settings.FORCE_SCRIPT_NAME = PREFIX
    settings.STATIC_URL = f"{PREFIX}/static/"
    set_script_prefix(PREFIX)
    yield PREFIX
    clear_script_prefix()


@pytest.mark.turns(2, of=("rmrcpm/",))
@pytest.mark.parametrize("name", ["iso.admin", "sc.sunset"])
def test_no_address_of_any_answer_stands_outside_the_prefix(name, client, rows, mounted):  # noqa: F811
    client.force_login(User.objects.get(username=name))
    outside, nowhere, pages, seen = set(), set(), 0, set()
    for route in (r for r in routes() if not NO_PAGES.search(r)):
        address = fill(route, rows)
        response = client.get(address)
        found = {response.headers["Location"]} if "Location" in response.headers else set()
        media = response.headers.get("Content-Type", "")
        if not response.streaming and media.startswith("text/html"):
            pages += 1
            found |= addresses_in(response.content.decode())
        elif not response.streaming and "json" in media and route != "api/v1/schema.json":
            texts = texts_in(json.loads(response.content))
            found |= {t for t in texts if t.startswith("/")}
        if address.startswith("/accounts/"):  # whoever is signed out there comes back
            client.force_login(User.objects.get(username=name))
        found = {unescape(a) for a in found if a.startswith("/")}
        outside |= {(route, a) for a in found if not a.startswith(f"{PREFIX}/")}
        found.discard(f"{PREFIX}{address}")  # a page may name its own address, to come back to
        nowhere |= {(route, a) for a in found - seen if not leads_somewhere(a)}
        seen |= found
    assert outside == set()
    assert nowhere == set()
    assert pages > 250
    assert {f"{PREFIX}/", f"{PREFIX}/static/css/app.css", f"{PREFIX}/help/tour.json"} <= seen
    assert len(seen) > 400


def test_the_walk_sees_every_kind_of_address():
    page = """<a href="/a"><form action='/b'><img src=/c><button formaction="/d"></form>
        <input type=hidden name=next value="/e"><p hx-get="/f" data-tour="/g"
        data-go='{"h": "/h"}'><a href="?page=2"><input value="x/y">"""
    assert addresses_in(page) == {f"/{letter}" for letter in "abcdefgh"}


def test_sign_in_and_out_stay_below_the_prefix(client, mounted, person):
    answer = client.get("/uploads/")
    assert answer.headers["Location"] == f"{PREFIX}/accounts/login/?next={PREFIX}/uploads/"
    signed = {"login": "iso.admin", "password": "demo"}
    assert client.post("/accounts/login/", signed).headers["Location"] == f"{PREFIX}/"
    assert client.post("/accounts/logout/").headers["Location"] == f"{PREFIX}/accounts/login/"
    wanted = signed | {"next": f"{PREFIX}/uploads/"}
    assert client.post("/accounts/login/", wanted).headers["Location"] == f"{PREFIX}/uploads/"
    themed = client.post("/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert themed.headers["Location"] == f"{PREFIX}/"


def test_error_pages_and_refusals_stay_below_the_prefix(client, mounted):
    assert addresses_in(client.get("/nothing/").content.decode()) >= {f"{PREFIX}/"}
    refused = client.get("/api/v1/nothing/")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == f"{PREFIX}/help/api/#api-not_found"


def test_what_rows_lead_to_follows_the_site(now, person, settings, mailoutbox):
    """Kept without the prefix, read with it: moving the site breaks no notice of before."""
    ada = person("iso.admin")
    tell([ada], topic="job-failed", title="at the root", address=reverse("job", args=[7]), at=now)
    set_script_prefix(PREFIX)
    try:
        tell([ada], topic="job-failed", title="below", address=reverse("job", args=[8]), at=now)
        kept = Notification.objects.filter(user=ada, title__in=["at the root", "below"])
        assert list(kept.order_by("pk").values_list("address", flat=True)) == [
            f"{PREFIX}/jobs/7/",
            f"{PREFIX}/jobs/8/",
        ]
        assert kept.get(address=f"{PREFIX}/jobs/8/").title == "below"
    finally:
        clear_script_prefix()
    assert kept.get(title="below").address == "/jobs/8/"
    assert not Job.objects.filter(address__startswith=PREFIX).exists()


@pytest.mark.parametrize(
    ("asked", "inside"),
    [
        (f"{PREFIX}/uploads/", "/uploads/"),
        ("/uploads/", "/uploads/"),
        (f"{PREFIX}/", "/"),
        (PREFIX, "/"),
        (f"{PREFIX}er/", f"{PREFIX}er/"),
    ],
)
def test_a_proxy_may_take_the_prefix_off_or_leave_it_on(asked, inside):
    environ = {"PATH_INFO": asked, "SCRIPT_NAME": ""}
    assert mounted_at(lambda given, _: [given], PREFIX)(environ, None) == [
        {"PATH_INFO": inside, "SCRIPT_NAME": PREFIX}
    ]


def test_the_prefix_comes_from_the_environment(monkeypatch):
    from rmrcpm import env

    for given, wanted in {"": "", "/": "", "rmr": "/rmr", "/a/b-c/": "/a/b-c"}.items():
        monkeypatch.setenv("RMRCPM_PREFIX", given)
        assert env.prefix() == wanted
    monkeypatch.setenv("RMRCPM_PREFIX", "/a b")
    with pytest.raises(ValueError, match="RMRCPM_PREFIX"):
        env.prefix()

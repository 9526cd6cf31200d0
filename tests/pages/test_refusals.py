"""Every refusal, whoever makes it, is one page and one JSON body, and names the request."""

from __future__ import annotations

import base64

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.test import Client, RequestFactory
from rest_framework.throttling import UserRateThrottle

from apps.platform.uploads.services import ReadingBusy

pytestmark = pytest.mark.django_db
LIST = "/api/v1/parties/"
JSON_OF = "application/problem+json"
FIELDS = {"title", "type", "status", "detail", "code", "request_id", "violations"}
BOUNDARY = "multipart/form-data; boundary="
HUGE = str(99 * 1024**3)


def many_fields(client, address):
    body = "&".join(f"a{n}=1" for n in range(1_200))
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


def too_large_a_form(client, address, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 500
    body = "a=" + "b" * 2_000
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


def slow_down(client, address, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    for _ in range(3):
        answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    return answer


def locked(client, address, settings):
    client.logout()
    for _ in range(6):
        answer = client.post("/accounts/login/", {"login": "iso.admin", "password": "wrong"})
    return answer


def locked_at_the_api(client, address, settings):
    client.logout()
    said = base64.b64encode(b"iso.admin:wrong").decode()
    for _ in range(6):
        answer = client.get(LIST, headers={"authorization": f"Basic {said}"})
    return answer


def forged(client, address, settings):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = client.cookies
    return strict.post(address, {"theme": "dark"})


PAGE_CAUSES = {
    "a host that is not this site": (
        400,
        lambda c, a, s: c.get("/", headers={"host": "other.example"}),
        "does not answer under that host name",
        "address you were given",
    ),
    "too many fields": (
        400,
        lambda c, a, s: many_fields(c, "/theme/"),
        "more than 1,000 fields",
        "Send less at once",
    ),
    "a form that is broken off": (
        400,
        lambda c, a, s: c.post("/theme/", b"x", content_type=BOUNDARY),
        "cannot be read",
        "Load the page again",
    ),
    "a role that is missing": (
        403,
        lambda c, a, s: c.get("/events/"),
        "Your roles do not include",
        "administrator of your organisation",
    ),
    "a form from elsewhere": (
        403,
        lambda c, a, s: forged(c, "/theme/", s),
        "too old to send",
        "load the page again",
    ),
    "an address that is none": (
        404,
        lambda c, a, s: c.get("/no/such/"),
        "nothing at this",
        "from Home",
    ),
    "a method that is none": (
        405,
        lambda c, a, s: c.delete("/"),
        "answers GET, HEAD only",
        "Open it by its link",
    ),
    "a body that is announced too large": (
        413,
        lambda c, a, s: c.post("/upload/any/", CONTENT_LENGTH=HUGE),
        "64 MB",
        "Send it in parts",
    ),
    "a form that is too large": (
        413,
        lambda c, a, s: too_large_a_form(c, "/theme/", s),
        "holds more than",
        "as a file",
    ),
    "a name that is locked": (429, locked, "Too many", "Forgot your password?"),
    "a page asked too often": (429, slow_down, "too often", "Wait"),
}
API_CAUSES = {
    "a host that is not this site": (
        400,
        "API-bad_request",
        lambda c, a, s: c.get(LIST, headers={"host": "other.example"}),
    ),
    "too many fields": (
        400,
        "API-bad_request",
        lambda c, a, s: many_fields(c, "/api/v1/api-tokens/make/"),
    ),
    "a form that is broken off": (
        400,
        "API-parse_error",
        lambda c, a, s: c.post("/api/v1/api-tokens/make/", b"x", content_type=BOUNDARY),
    ),
    "a role that is missing": (
        403,
        "API-permission_denied",
        lambda c, a, s: c.get("/api/v1/events/"),
    ),
    "a form from elsewhere": (
        403,
        "API-permission_denied",
        lambda c, a, s: forged(c, "/api/v1/api-tokens/make/", s),
    ),
    "an address that is none": (404, "API-not_found", lambda c, a, s: c.get("/api/v1/no/such/")),
    "a method that is none": (405, "API-method_not_allowed", lambda c, a, s: c.delete(LIST)),
    "a body that is announced too large": (
        413,
        "UP-SIZE",
        lambda c, a, s: c.post("/api/v1/uploads/send/", CONTENT_LENGTH=HUGE),
    ),
    "a form that is too large": (
        413,
        "API-too_large",
        lambda c, a, s: too_large_a_form(c, "/api/v1/api-tokens/make/", s),
    ),
    "a kind of body that is not read": (
        415,
        "API-unsupported_media_type",
        lambda c, a, s: c.post("/api/v1/api-tokens/make/", b"x", content_type="text/csv"),
    ),
    "a name that is locked": (429, "API-locked_out", locked_at_the_api),
}
BREAKS = {
    "a fault of ours": (ValueError("a secret of the inside"), 500, "API-error", "on our side"),
    "a request that is suspicious": (
        SuspiciousOperation("a secret of the inside"),
        400,
        "API-bad_request",
        "not taken",
    ),
    "no connection free": (
        OperationalError("FATAL: sorry, too many clients already"),
        503,
        "DATABASE-BUSY",
        "no connection free",
    ),
    "no room on the disk": (
        OSError(28, "No space left on device"),
        503,
        "DISK-FULL",
        "no room left",
    ),
    "a reader that is busy": (ReadingBusy(), 503, "UP-BUSY", "Other files are being read"),
}


def is_the_page(answer, status):
    page = answer.content.decode()
    assert answer.status_code == status, page[:300]
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["X-Request-ID"] in page, "the page names the request"
    assert f'data-refused="{status}"' in page
    assert page.count("<h1>") == 1
    assert "a secret of the inside" not in page
    assert "Traceback" not in page
    return page


def is_the_problem(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, JSON_OF), answer.content[:300]
    told = answer.json()
    assert set(told) == FIELDS
    assert (told["status"], told["code"]) == (status, code)
    assert told["request_id"] == answer["X-Request-ID"]
    assert told["violations"][0]["code"] == code
    assert told["detail"]
    assert "CSRF Failed" not in told["detail"]
    assert "a secret of the inside" not in str(told)
    return told


@pytest.fixture
def signed_in(client, person):
    client.raise_request_exception = False
    client.force_login(person("sc.bay"))
    return client


@pytest.mark.parametrize("cause", PAGE_CAUSES)
def test_a_refused_page_says_what_is_the_matter_and_what_to_do(cause, signed_in, settings):
    status, ask, sentence, advice = PAGE_CAUSES[cause]
    page = is_the_page(ask(signed_in, "", settings), status)
    assert sentence in page
    assert advice in page
    if cause not in ("a host that is not this site", "a name that is locked"):
        assert 'title="Your account"><b class="small">sc.bay</b>' in page, (
            "in the frame of the site"
        )


@pytest.mark.parametrize("cause", API_CAUSES)
def test_a_refused_operation_is_one_problem(cause, signed_in, settings):
    status, code, ask = API_CAUSES[cause]
    is_the_problem(ask(signed_in, "", settings), status, code)


def test_a_program_that_asks_too_often_is_told_so(signed_in, monkeypatch):
    monkeypatch.setattr(UserRateThrottle, "allow_request", lambda *_: False)
    monkeypatch.setattr(UserRateThrottle, "wait", lambda _: 7)
    answer = signed_in.get("/api/v1/statements/")
    is_the_problem(answer, 429, "API-throttled")
    assert answer["Retry-After"] == "7"


@pytest.mark.parametrize("cause", BREAKS)
def test_what_breaks_in_a_view_is_told_by_page_and_problem(cause, signed_in, monkeypatch):
    trouble, status, code, sentence = BREAKS[cause]

    def breaks(*_, **__):
        raise trouble

    monkeypatch.setattr("apps.platform.ui.selectors.filtered", breaks)
    page = signed_in.get("/statements/")
    told = is_the_page(page, status)
    assert sentence in told
    assert status == 400 or "Nothing was half stored" in told
    problem = signed_in.get("/api/v1/statements/")
    assert sentence in is_the_problem(problem, status, code)["detail"]
    for answer in (page, problem):
        assert answer.get("Retry-After") == ("5" if status == 503 else None)


def test_the_page_stands_where_no_static_files_are_collected(signed_in, monkeypatch):
    def breaks(*_):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr("django.templatetags.static.StaticNode.handle_simple", breaks)
    monkeypatch.setattr("apps.platform.ui.refusals.static", breaks)
    page = is_the_page(signed_in.get("/no/such/"), 404)
    assert "stylesheet" not in page


def test_where_the_frame_itself_cannot_be_made_the_page_stands_without_it(signed_in, monkeypatch):
    def breaks(*_, **__):
        raise ValueError("a secret of the inside")

    monkeypatch.setattr("apps.platform.ui.views.menu_for", breaks)
    monkeypatch.setattr("apps.platform.ui.views.place_in_menu", breaks)
    page = is_the_page(signed_in.get("/statements/"), 500)
    assert "Home" in page
    assert "sc.bay" not in page


@pytest.mark.parametrize("address", ["/health/live", LIST])
def test_a_body_of_another_charset_is_refused_by_the_same_door(address, served):
    told = []
    environ = RequestFactory().get(address).environ | {"CONTENT_TYPE": "text/plain; charset=zlib"}
    body = b"".join(served(environ, lambda status, headers: told.append((status, dict(headers)))))
    (status, headers) = told[0]
    assert status.startswith("415")
    assert headers["X-Request-ID"].encode() in body
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == (JSON_OF if "api" in address else "text/html; charset=utf-8")

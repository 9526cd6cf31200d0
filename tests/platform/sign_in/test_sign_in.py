"""Signing in and out: passwords, second factors, lock-out, idle sessions, reset, single sign-on."""

from __future__ import annotations

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client

from apps.platform.accounts.models import User
from apps.platform.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client, name, password="demo", **more):
    return client.post(LOGIN, {"login": name, "password": password, **more})


def said(action):
    return list(AuditEvent.objects.filter(action=action).values_list("sentence", flat=True))


def test_a_password_opens_the_next_page_and_the_log_says_so(client):
    response = sign_in(client, "sc.bay", next="/statements/")
    assert (response.status_code, response["Location"]) == (302, "/statements/")
    assert client.get("/statements/").status_code == 200
    assert said("sign_in.person.signed_in") == ["sc.bay signed in from 127.0.0.1"]
    client.post("/accounts/logout/")
    assert client.get("/statements/").status_code == 302
    assert said("sign_in.person.signed_out") == ["sc.bay signed out from 127.0.0.1"]


def test_next_never_leads_to_another_site(client):
    response = sign_in(client, "sc.bay", next="https://evil.example/")
    assert response["Location"] == "/"


def test_the_old_address_of_sign_in_still_leads_there(client):
    response = client.get("/accounts/sign-in/?next=/runs/")
    assert response["Location"] == "/accounts/login/?next=/runs/"


def test_five_wrong_passwords_lock_the_door_for_that_name_and_place(client):
    for _ in range(4):
        assert sign_in(client, "sc.bay", "wrong").status_code == 200
    locked = sign_in(client, "sc.bay", "wrong")
    assert locked.status_code == 429
    assert "Try again in 15 minutes" in locked.content.decode()
    assert sign_in(client, "sc.bay", "demo").status_code == 429
    assert len(said("sign_in.person.sign_in_failed")) >= 5
    assert sign_in(client, "sc.sunset").status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert sign_in(elsewhere, "sc.bay").status_code == 302
    AccessAttempt.objects.all().delete()  # what the cooling-off does
    assert sign_in(Client(), "sc.bay").status_code == 302


def test_the_api_counts_wrong_passwords_as_well(client):
    import base64

    wrong = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"sc.bay:no").decode()}
    answers = [client.get("/api/v1/whoami/", **wrong) for _ in range(6)]
    assert [a.status_code for a in answers[:4]] == [401] * 4
    assert answers[-1].status_code == 429
    assert answers[-1].json()["code"] == "API-locked_out"


def test_behind_a_proxy_the_address_it_saw_counts_and_otherwise_none_is_believed(settings):
    told = {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 10.9.8.7"}
    sign_in(Client(**told), "sc.bay")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    sign_in(Client(**told), "sc.bay")
    assert set(said("sign_in.person.signed_in")) == {
        "sc.bay signed in from 127.0.0.1",
        "sc.bay signed in from 10.9.8.7",
    }


def test_a_wrong_name_and_a_wrong_password_look_the_same(client):
    one = sign_in(client, "sc.bay", "wrong").context["form"].errors.as_text()
    two = sign_in(Client(), "nobody.at.all", "wrong").context["form"].errors.as_text()
    assert one == two


def again(client):
    """Changing how one signs in asks for the password once more."""
    client.post("/accounts/reauthenticate/", {"password": "demo"})


def code_now(secret):
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


def test_an_authenticator_app_is_asked_for_after_the_password(client, settings):
    user = User.objects.get(username="sc.bay")
    page = Client()
    sign_in(page, "sc.bay")
    again(page)
    page.get("/accounts/2fa/totp/activate/")
    secret = page.session["mfa.totp.secret"]
    done = page.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert done.status_code == 302, done.context["form"].errors
    kept = Authenticator.objects.get(user=user, type="totp")
    assert secret not in json.dumps(kept.data)
    fresh = Client()
    asked = sign_in(fresh, "sc.bay")
    assert asked["Location"].startswith("/accounts/2fa/authenticate/")
    assert fresh.get("/statements/").status_code == 302
    assert fresh.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    from django.core.cache import cache

    cache.clear()  # the same code is taken once only
    done = fresh.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert done.status_code == 302
    assert fresh.get("/statements/").status_code == 200


def test_with_a_second_factor_a_password_alone_opens_no_api(client):
    import base64

    user = User.objects.get(username="sc.bay")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    header = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"sc.bay:demo").decode()}
    answer = client.get("/api/v1/whoami/", **header)
    assert answer.status_code == 401
    assert "second factor" in answer.json()["detail"]
    assert answer["Content-Type"] == "application/problem+json"


def test_a_passkey_page_offers_a_challenge_without_inline_script(client):
    sign_in(client, "sc.bay")
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 302
    again(client)
    page = client.get("/accounts/2fa/webauthn/add/").content.decode()
    assert "challenge" in page
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", page)
    assert inline == []


def test_an_idle_session_ends(client, settings):
    sign_in(client, "sc.bay")
    client.get("/statements/")
    session = client.session
    session["seen"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 5
    session.save()
    response = client.get("/statements/")
    assert response["Location"] == "/accounts/login/?next=/statements/"
    assert "without activity" in client.get(response["Location"]).content.decode()


def test_a_person_sees_its_sessions_and_ends_the_others():
    here, there = Client(HTTP_USER_AGENT="Here"), Client(HTTP_USER_AGENT="There")
    for client in (here, there):
        sign_in(client, "sc.bay")
        client.get("/")
    sign_in(Client(HTTP_USER_AGENT="Stranger"), "sc.sunset")
    page = here.get("/accounts/sessions/").content.decode()
    assert "There" in page
    assert "Stranger" not in page
    here.post("/accounts/sessions/")
    assert there.get("/statements/").status_code == 302
    assert here.get("/statements/").status_code == 200


def test_a_changed_password_ends_other_sessions_and_a_weak_one_is_refused():
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, "sc.bay")
        client.get("/")
    words = {"oldpassword": "demo", "password1": "12345678", "password2": "12345678"}
    assert here.post("/accounts/password/change/", words).status_code == 200
    new = "a-much-better-one-7"
    words |= {"password1": new, "password2": new}
    assert here.post("/accounts/password/change/", words).status_code == 302
    assert there.get("/statements/").status_code == 302
    assert here.get("/statements/").status_code == 200
    assert sign_in(Client(), "sc.bay", new).status_code == 302


def test_a_password_has_twelve_characters_of_any_kind_and_none_is_cut_off(client):
    sign_in(client, "sc.bay")
    given = "demo"
    for wanted, status in (
        ("eleven-long", 200),
        ("twelve--long", 302),
        ("漢字  é 😀 twelve", 302),
        ("x y" * 40, 302),
    ):
        words = {"oldpassword": given, "password1": wanted, "password2": wanted}
        page = client.post("/accounts/password/change/", words)
        assert page.status_code == status, wanted
        if status == 200:
            assert "at least 12 characters" in page.content.decode()
        else:
            given = wanted
    assert sign_in(Client(), "sc.bay", given[:-1]).status_code == 200
    assert sign_in(Client(), "sc.bay", given).status_code == 302


def test_a_forgotten_password_is_set_by_a_link_that_works_once(client):
    User.objects.filter(username="sc.bay").update(email="bo@example.com")
    for address in ("bo@example.com", "nobody@example.com"):
        assert client.post("/accounts/password/reset/", {"email": address}).status_code == 302
    link = next(
        found[0]
        for m in mail.outbox
        if (found := re.findall(r"http://testserver(/\S+)", m.body)) and m.to == ["bo@example.com"]
    )
    page = client.get(link, follow=True)
    action = page.redirect_chain[-1][0]
    new = "quite-another-one-9"
    client.post(action, {"password1": new, "password2": new})
    assert sign_in(Client(), "sc.bay", new).status_code == 302
    assert "password1" not in Client().get(link, follow=True).content.decode()


def test_nobody_makes_an_account_alone(client):
    page = client.get("/accounts/signup/").content.decode()
    assert "password1" not in page
    before = User.objects.count()
    client.post(
        "/accounts/signup/",
        {"username": "mallory", "password1": "abcdefgh-1234", "password2": "abcdefgh-1234"},
    )
    assert User.objects.count() == before


class Provider(BaseHTTPRequestHandler):
    """A small OpenID Connect provider that vouches for one e-mail address."""

    email = "bo@example.com"

    def log_message(self, *words):
        pass

    def answer(self, body):
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        root = f"http://127.0.0.1:{self.server.server_port}"
        if "openid-configuration" in self.path:
            self.answer(
                {
                    "issuer": root,
                    "authorization_endpoint": f"{root}/authorize",
                    "token_endpoint": f"{root}/token",
                    "userinfo_endpoint": f"{root}/me",
                    "jwks_uri": f"{root}/keys",
                }
            )
        else:
            self.answer({"sub": "42", "email": self.email, "email_verified": True})

    def do_POST(self):
        root = f"http://127.0.0.1:{self.server.server_port}"
        self.rfile.read(int(self.headers["Content-Length"]))
        now = int(time.time())
        claims = {
            "iss": root,
            "aud": "rmrcpm",
            "sub": "42",
            "email": self.email,
            "email_verified": True,
            "exp": now + 60,
            "iat": now,
        }
        self.answer(
            {
                "access_token": "t",
                "token_type": "Bearer",
                "expires_in": 60,
                "id_token": jwt.encode(claims, "k" * 32, algorithm="HS256"),
            }
        )


@pytest.fixture
def provider(settings):
    server = HTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    app = {
        "provider_id": "sso",
        "name": "Company sign-on",
        "client_id": "rmrcpm",
        "secret": "s",
        "settings": {"server_url": address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield server
    server.shutdown()


def by_provider(client):
    started = client.post("/accounts/oidc/sso/login/")
    assert started.status_code == 302, started.content[:300]
    asked = parse_qs(urlsplit(started["Location"]).query)
    return client.get(
        "/accounts/oidc/sso/login/callback/", {"code": "c", "state": asked["state"][0]}
    )


def test_single_sign_on_knows_people_by_their_verified_address(provider, client):
    User.objects.filter(username="sc.bay").update(email="bo@example.com")
    assert "Company sign-on" in client.get(LOGIN).content.decode()
    response = by_provider(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/api/v1/whoami/").json()["username"] == "sc.bay"


def test_single_sign_on_makes_nobody(provider, client):
    before = User.objects.count()
    by_provider(client)
    assert User.objects.count() == before
    assert client.get("/statements/").status_code == 302


def test_every_page_carries_the_strict_headers(client):
    for address in ("/", LOGIN, "/statements/"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "private" in headers["Cache-Control"]

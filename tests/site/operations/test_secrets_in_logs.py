"""Every door that takes a secret is driven; afterwards none of the secrets stands in any log."""

from __future__ import annotations

import base64
import logging
import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from apps.platform.accounts.models import Party, User
from apps.platform.sign_in.adapters import SecondFactor
from apps.platform.sign_in.models import ApiToken
from tests.platform.sign_in.test_second_factor import SECRET, right_code, wrong_code

pytestmark = pytest.mark.django_db
JSON = "application/json"
TYPED = "typed-By-mistake-77"
NEW = "her-Own-password-31"


def sign_in(secrets):
    """A wrong password, a right one, a wrong and a right code, a recovery code."""
    user = User.objects.get(username="sc.bay")
    Authenticator.objects.create(
        user=user, type="totp", data={"secret": SecondFactor().encrypt(SECRET)}
    )
    spare = RecoveryCodes.activate(user).generate_codes()[0]
    client = Client()
    client.post("/accounts/login/", {"login": "sc.bay", "password": TYPED})
    client.post("/accounts/login/", {"login": "sc.bay", "password": "demo"})
    wrong, right = wrong_code(), right_code()
    client.post("/accounts/2fa/authenticate/", {"code": wrong})
    client.post("/accounts/2fa/authenticate/", {"code": right})
    secrets += [TYPED, SECRET, spare, client.cookies["sessionid"].value]
    other = Client()
    other.post("/accounts/login/", {"login": "sc.bay", "password": "demo"})
    other.post("/accounts/2fa/authenticate/", {"code": spare})


def links(secrets, captured):
    """A link to reset a password and one to join: asked for, opened, used, and mistyped."""
    User.objects.filter(username="sc.sunset").update(email="sun@example.org")
    Client().post("/accounts/password/reset/", {"email": "sun@example.org"})
    admin = Client()
    admin.force_login(User.objects.get(username="iso.admin"))
    with captured(execute=True):
        admin.post(
            "/users/invite/",
            {
                "username": "sc.new",
                "first_name": "Nia",
                "email": "nia@example.org",
                "party": Party.objects.get(code="SYN_LSE_BAY").pk,
                "roles": ["SC_USER"],
            },
        )
    found = [re.search(r"http://testserver(/accounts/\S+)", m.body)[1] for m in mail.outbox]
    assert len(found) == 2
    for link in found:
        fresh = Client()
        action = fresh.get(link, follow=True).redirect_chain[-1][0]
        fields = ("new_password1", "new_password2", "password1", "password2")
        fresh.post(action, dict.fromkeys(fields, NEW))
        Client().get(f"/wrong{link}")
        Client().get(link.rstrip("/") + "x/")
        secrets.append(link.rstrip("/").rpartition("/")[2].rpartition("-")[2])
    secrets.append(NEW)


def programs(secrets):
    """A token made and used; a password in a Basic header; forms of headers nobody reads."""
    client = Client()
    client.force_login(User.objects.get(username="sc.bay"))
    made = client.post(
        "/api/v1/api-tokens/make/",
        {"name": "n", "scopes": ["read"], "days": 1},
        content_type=JSON,
        headers={"Idempotency-Key": "a-key-of-the-caller-1"},
    ).json()
    token = next(v for v in made.values() if str(v).startswith("rmr_"))
    basic = base64.b64encode(f"sc.sunset:{TYPED}".encode()).decode()
    for header in (f"Bearer {token}", f"Bearer {token}x", f"Basic {basic}", f"Digest {token}"):
        Client().get("/api/v1/whoami/", headers={"Authorization": header})
        Client().get(f"/api/v1/whoami/?access_token={token}", headers={"Authorization": header})
    Client().get(f"/{token}/")
    Client().get("/metrics", headers={"Authorization": f"Bearer {TYPED}"}, REMOTE_ADDR="10.0.0.1")
    Client().post("/api/v1/users/invite/", f'{{"password": "{TYPED}', content_type=JSON)
    Client().post("/api/v1/whoami/", {"password": TYPED})
    page = client.get("/deadlines/").content.decode()
    calendar = re.search(r"/calendar/([^\"<]+)\.ics", page)[1]
    Client().get(f"/calendar/{calendar}.ics")
    Client().get(f"/calendar/{calendar}x.ics")
    Client().get("/accounts/oidc/sso/login/callback/", {"code": "oidc-code-1234567", "state": "y"})
    secrets += [token, basic, calendar, calendar.rpartition(":")[2], "oidc-code-1234567"]


def faults(secrets, monkeypatch):
    """What breaks while it holds a secret: our fault in a form, a row the database refuses."""

    def breaks(*_, **given):
        password = TYPED
        raise RuntimeError(f"could not check password={password!r} with key {settings.SECRET_KEY}")

    with monkeypatch.context() as broken:
        broken.setattr("apps.platform.sign_in.middleware.token_user", breaks)
        Client(raise_request_exception=False).get(
            "/api/v1/whoami/", headers={"Authorization": "Bearer rmr_abcdefghijkl"}
        )
    digest = "c0ffee" * 8
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into sign_in_apitoken (id) select id from sign_in_apitoken "
                "where name = %s union all select -1",
                [digest],
            )
    except IntegrityError:
        logging.getLogger("apps.test").exception("a row was refused")
    secrets += [settings.SECRET_KEY, digest]


def test_no_secret_stands_in_any_log(written, monkeypatch, django_capture_on_commit_callbacks):
    server_log = Path(settings.PGDATA) / "server.log"
    before = server_log.stat().st_size if server_log.exists() else 0
    secrets: list[str] = []
    sign_in(secrets)
    links(secrets, django_capture_on_commit_callbacks)
    programs(secrets)
    faults(secrets, monkeypatch)
    assert ApiToken.objects.exists()
    assert len(secrets) >= 14
    assert all(len(s) >= 8 for s in secrets)
    told = written.text
    assert told.count("rmrcpm.requests") > 40
    assert "could not check" in told
    assert "a row was refused" in told
    assert [s for s in secrets if s in told] == []
    if server_log.exists():
        said = server_log.read_text(errors="replace")[before:]
        assert "ERROR" in said
        assert [s for s in secrets if s in said] == []


def test_a_secret_that_somebody_logs_on_purpose_is_hidden_in_both_forms(written):
    logger = logging.getLogger("apps.test")
    logger.warning("signing in with password=%s and token: %s", TYPED, TYPED)
    logger.info({"Authorization": f"Bearer {TYPED}"})
    assert TYPED not in written.text
    assert written.text.count("[hidden]") >= 6

"""The neighbours of sign-in: other doors for passwords and codes count in the shared database."""

from __future__ import annotations

import base64
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.core.cache import caches
from django.test import Client

from apps.platform.audit.models import AuditEvent
from apps.platform.sign_in.adapters import SecondFactor
from tests.platform.sign_in.test_second_factor import (
    SECRET,
    another_process,
    right_code,
    wrong_code,
)

pytestmark = pytest.mark.django_db
REAUTHENTICATE = "/accounts/2fa/reauthenticate/"
CHANGE = "/accounts/password/change/"


@pytest.fixture
def bay(person):
    user = person("sc.bay")
    user.email = "bay@example.com"
    user.save()
    return user


@pytest.fixture
def inside(bay):
    client = Client()
    client.post("/accounts/login/", {"login": "sc.bay", "password": "demo"})
    assert client.get("/statements/").status_code == 200
    return client


def with_app(user):
    return Authenticator.objects.create(
        user=user, type="totp", data={"secret": SecondFactor().encrypt(SECRET)}
    )


def aged(client):
    """Let the last sign-in be long ago, so that a page asks for it again."""
    session = client.session
    session["account_authentication_methods"] = []
    session.save()


def test_the_librarys_limits_are_kept_in_the_shared_database(settings):
    """Its modules take the default cache, whatever the rest of the product uses."""
    from allauth.core.internal import ratelimit
    from allauth.mfa.totp.internal import auth

    assert settings.CACHES["default"]["BACKEND"].endswith("db.DatabaseCache")
    for module in (ratelimit, auth):
        assert module.cache._alias == "default"
    assert caches["default"]._table == "sign_in_sharedvalue"


def test_asking_again_for_the_second_factor_counts_with_the_sign_in(bay, inside):
    with_app(bay)
    codes = RecoveryCodes.activate(bay).generate_codes()
    aged(inside)
    for n in range(5):
        answer = inside.post(REAUTHENTICATE, {"code": "1234-5678" if n % 2 else wrong_code()})
        assert "Incorrect code" in answer.content.decode()
        another_process()
    for code in (right_code(), codes[0]):
        assert "Too many attempts" in inside.post(REAUTHENTICATE, {"code": code}).content.decode()
    half = Client()
    half.post("/accounts/login/", {"login": "sc.bay", "password": "demo"})
    there = half.post("/accounts/2fa/authenticate/", {"code": right_code()})
    assert "Too many attempts" in there.content.decode()
    assert AuditEvent.objects.filter(action="sign_in.person.second_factor_locked").count() == 1


def test_asking_again_for_the_password_locks_as_signing_in_does(bay, inside):
    aged(inside)
    for _ in range(5):
        inside.post("/accounts/reauthenticate/", {"password": "wrong"})
        another_process()
    locked = inside.post("/accounts/reauthenticate/", {"password": "demo"})
    assert locked.status_code == 429
    basic = base64.b64encode(b"sc.bay:demo").decode()
    door = Client().get("/api/v1/whoami/", HTTP_AUTHORIZATION=f"Basic {basic}")
    assert (door.status_code, door.json()["code"]) == (429, "API-locked_out")


def test_an_open_session_guesses_no_more_passwords_than_the_door(bay, inside):
    words = {"password1": "all-new-one-77", "password2": "all-new-one-77"}
    for _ in range(5):
        inside.post(CHANGE, words | {"oldpassword": "wrong"})
        another_process()
    assert inside.post(CHANGE, words | {"oldpassword": "demo"}).status_code == 429
    bay.refresh_from_db()
    assert bay.check_password("demo")


def test_links_to_reset_a_password_are_counted_for_all_processes(bay):
    for _ in range(5):
        Client().post("/accounts/password/reset/", {"email": "bay@example.com"})
        another_process()
    refused = Client().post("/accounts/password/reset/", {"email": "bay@example.com"})
    assert refused.status_code == 429
    assert len(mail.outbox) == 5


def test_a_second_factor_is_asked_for_after_a_password_chosen_by_mail(bay):
    with_app(bay)
    Client().post("/accounts/password/reset/", {"email": "bay@example.com"})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    client = Client()
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "all-new-one-77", "password2": "all-new-one-77"})
    assert client.get("/statements/").status_code == 302
    client.post("/accounts/login/", {"login": "sc.bay", "password": "all-new-one-77"})
    assert client.get("/statements/").status_code == 302


def test_a_password_alone_opens_the_api_no_more_than_the_site(bay):
    with_app(bay)
    basic = base64.b64encode(b"sc.bay:demo").decode()
    answer = Client().get("/api/v1/whoami/", HTTP_AUTHORIZATION=f"Basic {basic}")
    assert (answer.status_code, "second factor" in answer.json()["detail"]) == (401, True)


def test_a_calendar_key_ends_with_the_password(bay, inside):
    from apps.platform.notifications.services import calendar_key

    key = calendar_key(bay)
    assert Client().get(f"/calendar/{key}.ics").status_code == 200
    bay.set_password("all-new-one-77")
    bay.save()
    assert Client().get(f"/calendar/{key}.ics").status_code == 404

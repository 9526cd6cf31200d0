"""Second factors: five wrong codes lock, and a code works once, in all processes together."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache, caches
from django.test import Client

from apps.platform.accounts.services import as_party
from apps.platform.audit.models import AuditEvent
from apps.platform.notifications.models import Notification
from apps.platform.sign_in.models import SharedValue
from tests.plugins.sampling import in_turn

pytestmark = pytest.mark.django_db
ASK = "/accounts/2fa/authenticate/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def bay(person):
    from apps.platform.sign_in.adapters import SecondFactor

    user = person("sc.bay")
    Authenticator.objects.create(
        user=user, type="totp", data={"secret": SecondFactor().encrypt(SECRET)}
    )
    return user


def half_signed_in():
    client = Client()
    client.post("/accounts/login/", {"login": "sc.bay", "password": "demo"})
    return client


def right_code():
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


def wrong_code():
    return f"{(int(right_code()) + 1) % 1_000_000:06d}"


def another_process():
    """What a process remembers for itself alone is not there in the next one."""
    caches["process"].clear()


def test_after_five_wrong_codes_three_hundred_more_and_the_right_one_are_refused(bay):
    client = half_signed_in()
    for _ in range(5):
        assert "Incorrect code" in client.post(ASK, {"code": wrong_code()}).content.decode()
    for n, _ in enumerate(in_turn(range(295), days=5, of=("apps/platform/sign_in/",))):
        if n % 10 == 0:
            client = half_signed_in()  # a new session counts on
            another_process()
        answer = client.post(ASK, {"code": wrong_code()})
        assert answer.context["form"].errors["code"] == [
            "Too many attempts failed. Try again in 15 minutes, or ask an administrator."
        ]
    assert client.post(ASK, {"code": right_code()}).status_code == 200
    assert client.get("/statements/").status_code == 302
    assert AuditEvent.objects.filter(action="sign_in.person.second_factor_failed").count() == 5
    assert AuditEvent.objects.filter(action="sign_in.person.second_factor_locked").count() == 1
    told = Notification.objects.get(user=bay, title="Your second factor is locked for a while")
    assert "change your password" in told.body


def test_a_recovery_code_is_locked_with_the_app(bay):
    codes = RecoveryCodes.activate(bay).generate_codes()
    client = half_signed_in()
    for _ in range(5):
        client.post(ASK, {"code": "abcd-efgh"})
    assert client.post(ASK, {"code": codes[0]}).status_code == 200
    assert client.get("/statements/").status_code == 302
    cache.clear()  # what the time of the lock does
    assert client.post(ASK, {"code": codes[0]}).status_code == 302
    assert client.get("/statements/").status_code == 200


def test_under_another_signing_key_no_code_fits_not_even_that_of_an_empty_secret(bay, settings):
    from apps.platform.sign_in.adapters import SecondFactor

    own = RecoveryCodes.activate(bay).generate_codes()[0]
    settings.SECRET_KEY = "another key of this site " * 3
    empty = Authenticator(data={"seed": SecondFactor().encrypt(""), "used_mask": 0})
    counter = next(yield_hotp_counters_from_time())
    tried = (
        right_code(),
        format_hotp_value(hotp_value("", counter)),
        own,
        RecoveryCodes(empty).generate_codes()[0],
    )
    for code in tried:
        client = half_signed_in()
        assert "Incorrect code" in client.post(ASK, {"code": code}).content.decode()
        assert client.get("/statements/").status_code == 302


def test_a_right_code_before_the_fifth_wrong_one_opens_and_begins_to_count_anew(bay):
    for _ in range(2):
        client = half_signed_in()
        for _ in range(4):
            client.post(ASK, {"code": wrong_code()})
        codes = RecoveryCodes(
            Authenticator.objects.filter(user=bay, type="recovery_codes").first()
            or RecoveryCodes.activate(bay).instance
        ).get_unused_codes()
        assert client.post(ASK, {"code": codes[0]}).status_code == 302
    assert not AuditEvent.objects.filter(action="sign_in.person.second_factor_locked").exists()


def test_a_code_opens_one_session_only_whichever_process_is_asked(bay, monkeypatch):
    counter = next(yield_hotp_counters_from_time())  # the clock stands still in between
    monkeypatch.setattr(
        "allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda: iter([counter])
    )
    code = format_hotp_value(hotp_value(SECRET, counter))
    one, two = half_signed_in(), half_signed_in()
    assert one.post(ASK, {"code": code}).status_code == 302
    another_process()
    assert two.post(ASK, {"code": code}).status_code == 200
    assert two.get("/statements/").status_code == 302
    assert TOTP(Authenticator.objects.get(user=bay, type="totp")).validate_code(code) is False


def test_what_sign_in_remembers_is_in_rows_that_no_party_reads(bay):
    assert SharedValue.objects.count() == 0
    half_signed_in().post(ASK, {"code": wrong_code()})
    kept = SharedValue.objects.count()
    assert kept > 0
    with as_party(bay.party_id):
        assert SharedValue.objects.count() == 0
    assert SharedValue.objects.count() == kept

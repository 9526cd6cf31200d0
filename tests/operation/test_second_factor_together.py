"""Wrong codes count together although each was sent to another web process."""

from __future__ import annotations

from threading import Thread

from allauth.mfa.models import Authenticator
from django.core.cache.backends import locmem
from django.db import connections

from apps.platform.audit.models import AuditEvent
from apps.platform.sign_in.adapters import SecondFactor
from tests.platform.sign_in.test_second_factor import (
    ASK,
    SECRET,
    half_signed_in,
    right_code,
    wrong_code,
)


def in_another_process(action):
    """Do something on a database connection of its own, with nothing remembered in memory."""
    found = []

    def go():
        try:
            found.append(action())
        finally:
            connections["default"].close()

    for remembered in (*locmem._caches.values(), *locmem._expire_info.values()):
        remembered.clear()
    thread = Thread(target=go)
    thread.start()
    thread.join(timeout=60)
    return found[0]


def test_five_wrong_codes_sent_to_five_processes_lock_the_right_one_in_the_sixth(user):
    bay = user("sc.bay")
    Authenticator.objects.create(
        user=bay, type="totp", data={"secret": SecondFactor().encrypt(SECRET)}
    )

    def tried(code):
        return half_signed_in().post(ASK, {"code": code}).content.decode()

    for _ in range(5):
        assert "Incorrect code" in in_another_process(lambda: tried(wrong_code()))
    assert "Too many attempts failed" in in_another_process(lambda: tried(right_code()))
    locked = AuditEvent.objects.filter(action="sign_in.person.second_factor_locked")
    assert locked.count() == 1

"""Start-up of access: screens, and the log of who signs in and who fails to."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed


class AccessConfig(AppConfig):
    """Sign-in, people, tokens, certificates."""

    name = "apps.platform.sign_in"

    def ready(self) -> None:
        """Register the screens; the framework's own sign-in hooks write the log."""
        from allauth.account.signals import password_reset
        from allauth.mfa.signals import authentication_failed
        from django.core.cache import caches
        from rest_framework.throttling import SimpleRateThrottle

        from apps.platform.audit.hooks import TIES
        from apps.platform.notifications.hooks import DEADLINES, TOPICS, Topic
        from apps.platform.sign_in import screens, selectors  # noqa: F401

        TOPICS.register(Topic("access-changed", "My roles or account changed", email=True))
        DEADLINES.register(selectors.expiries)
        TIES.register(selectors.ties_of_certificates)
        user_logged_in.connect(_signed_in, dispatch_uid="rmrcpm-in")
        user_logged_out.connect(_signed_out, dispatch_uid="rmrcpm-out")
        user_login_failed.connect(_failed, dispatch_uid="rmrcpm-failed")
        password_reset.connect(_password_reset, dispatch_uid="rmrcpm-reset")
        authentication_failed.connect(_wrong_code, dispatch_uid="rmrcpm-code")
        # requests are counted in each process: a row written for every request would cost more
        SimpleRateThrottle.cache = caches["process"]


def _signed_in(request: Any, user: Any, **_: Any) -> None:
    _note("sign_in.person.signed_in", f"{user.username} signed in", user, request)


def _signed_out(request: Any, user: Any, **_: Any) -> None:
    if user is not None:
        _note("sign_in.person.signed_out", f"{user.username} signed out", user, request)


def _password_reset(request: Any, user: Any, **_: Any) -> None:
    """Revoke the tokens of a person who chose a new password by mail: others may have made some."""
    from apps.platform.clock.selectors import site_now  # noqa: TID251  (it happens now)
    from apps.platform.sign_in.services import tokens_end

    tokens_end(user=user, actor=user, at=site_now())
    _note(
        "sign_in.person.password_reset",
        f"{user.username} chose a new password by mail; API tokens are revoked",
        user,
        request,
    )


def _failed(credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    from apps.platform.accounts.selectors import system_user

    name = str(credentials.get("username") or "")[:60].replace("\x00", "")
    _note("sign_in.person.sign_in_failed", f"A sign-in as {name!r} failed", system_user(), request)


def _wrong_code(request: Any, user: Any, **_: Any) -> None:
    """Put a wrong second factor on record, and tell the person when it is locked."""
    from allauth.core import ratelimit

    from apps.platform.clock.selectors import site_now  # noqa: TID251  (it happens now)
    from apps.platform.notifications.services import tell
    from apps.platform.sign_in.adapters import client_address, lock_out_sentence

    name = user.username
    _note("sign_in.person.second_factor_failed", f"A second factor of {name} failed", user, request)
    left = ratelimit.consume(
        request, action="login_failed", key=f"mfa-auth-user-{user.pk}", dry_run=True
    )
    if not left:
        _note(
            "sign_in.person.second_factor_locked",
            f"The second factor of {name} is locked after too many wrong codes",
            user,
            request,
        )
        tell(
            [user],
            topic="access-changed",
            title="Your second factor is locked for a while",
            at=site_now(),
            body=f"Somebody who knows your password entered wrong codes from "
            f"{client_address(request)}. If it was not you, change your password. "
            f"{lock_out_sentence()}",
        )


def _note(action: str, sentence: str, actor: Any, request: Any) -> None:
    from apps.platform.audit.services import log_event
    from apps.platform.clock.selectors import site_now  # noqa: TID251  (it happens now)
    from apps.platform.sign_in.adapters import client_address

    address = client_address(request) if request is not None else ""
    log_event(
        action=action,
        sentence=sentence + (f" from {address}" if address else ""),
        actor=actor,
        at=site_now(),
        subject=actor,
    )

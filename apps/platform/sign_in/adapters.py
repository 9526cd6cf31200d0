"""Where the sign-in library and the API framework ask us."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.platform.clock.selectors import site_now  # noqa: TID251  (it happens now)
from apps.platform.sign_in.codes import scope_needed
from apps.platform.sign_in.selectors import live_tokens


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the user name of an attempt to sign in, under which failures are counted."""
    given = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(given).casefold()[:255]


def client_address(request: HttpRequest) -> str:
    """Return the caller's address: behind a proxy the one the proxy saw, else the socket's."""
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if seen:
            return str(seen)
    return str(request.META.get("REMOTE_ADDR", ""))


def lock_out_sentence() -> str:
    """Say how long a locked door stays locked."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return f"Too many attempts failed. Try again in {minutes} minutes, or ask an administrator."


class SignIn(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited, never sign up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether somebody may be led to an address; what is none is not safe."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave wrong passwords to axes, which counts them by name and place.

        Counted by name alone, anybody could lock a person out from everywhere.
        """

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the tokens of somebody who has any: they outlive a changed password."""
        now = site_now()  # a password was changed now
        if live_tokens(user_id=request.user.pk, at=now).exists():
            messages.warning(
                request,
                "Your API tokens still work with the old password gone. Revoke them all if "
                "somebody else may have known it.",
            )
            return reverse("own-tokens")
        return str(super().get_password_change_redirect_url(request))

    def validation_error(self, code: str, *args: Any) -> Any:
        """Say how long too many wrong codes lock the second factor."""
        if code in ("too_many_login_attempts", "rate_limited"):
            return forms.ValidationError(lock_out_sentence(), code=code)
        return super().validation_error(code, *args)


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The provider vouches for people we know by e-mail; it makes no accounts."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An unknown person of the provider is nobody here."""
        return False


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors are kept encrypted with a key made from the site's signing key."""

    def _box(self) -> Fernet:
        digest = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        """Return what is stored."""
        return self._box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one that nobody knows where the site's key has changed since.

        A code can be reckoned from any fixed word, an empty one too.
        """
        try:
            return self._box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


class HeaderAuthentication(BaseAuthentication):
    """Take over what the HeaderSignIn middleware found; a header needs no CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the person and the scopes, or None for a session."""
        scopes = getattr(request._request, "header_scopes", None)
        return None if scopes is None else (request._request.user, scopes)

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that a missing sign-in is 401 and not 403."""
        return 'Bearer realm="rmrcpm"'


class HeaderScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description tells of headers and certificates."""

    target_class = HeaderAuthentication
    name = ["token", "password"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """Return the two header schemes; a client certificate needs none."""
        return [{"type": "http", "scheme": "bearer"}, {"type": "http", "scheme": "basic"}]


def within_scope(scopes: frozenset[str], request: HttpRequest | Request, view: Any) -> bool:
    """Whether scopes include what a request asks of a view of the API."""
    decides: frozenset[str] = getattr(view, "decides", frozenset())
    return scope_needed(str(request.method), request.path, decides) in scopes


class WithinScope(BasePermission):
    """Whether the token's scopes include what the request does."""

    message = "This API token does not have the scope for this; make one that has."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Sessions may do all that their roles allow; tokens what they were made for."""
        scopes = request.auth
        return not isinstance(scopes, frozenset) or within_scope(scopes, request, view)

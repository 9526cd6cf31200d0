"""Who comes: a token or password in a header, a certificate, an idle session; headers of pages."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.platform.sign_in.adapters import lock_out_sentence
from apps.platform.sign_in.codes import ALL_SCOPES
from apps.platform.sign_in.selectors import has_second_factor
from apps.platform.sign_in.services import TokenRefused, token_user
from apps.platform.sign_in.services.certificates import certificate_user
from apps.platform.sign_in.services.idempotency import KeyRefused, claim, fingerprint, settle
from apps.platform.ui.api import asks_api, problem

NEXT_LOOK = 60


class IdleSession:
    """End a session in which nothing happened for the time the site allows."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Sign an idle session out; note activity once a minute at most."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now, seen = int(time.time()), int(request.session.get("seen", 0))
            if seen and now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
                messages.info(request, "You were signed out after a while without activity.")
                if not asks_api(request):
                    return redirect_to_login(request.get_full_path())
            elif now - seen > NEXT_LOOK:
                request.session["seen"] = now
        return self.get_response(request)


class Headers:
    """Add what the framework does not: which of the browser's powers pages may use; no caches."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Set the headers where a view has not."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if getattr(request, "user", None) is not None and not request.path.startswith(
            settings.STATIC_URL
        ):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class HeaderSignIn:
    """Sign an API request in by its Authorization header or by a machine's certificate.

    It happens before the row policies of a party hold, so that they know whose it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Set the user and the scopes, or answer 401 with what to do."""
        if not asks_api(request):
            return self.get_response(request)
        header = request.headers.get("Authorization", "")
        scheme, _, rest = header.partition(" ")
        try:
            if scheme.lower() in {"bearer", "token"}:
                self._token(request, rest.strip())
            elif scheme.lower() == "basic":
                self._password(request, rest.strip())
            else:
                self._certificate(request)
        except TokenRefused as trouble:
            if getattr(request, "axes_locked_out", False):
                return problem("API-locked_out", lock_out_sentence(), 429)
            return _refused(str(trouble))
        return self.get_response(request)

    def _token(self, request: HttpRequest, secret: str) -> None:
        token = token_user(secret=secret, at=timezone.now())
        _signed_in(request, token.user, frozenset(token.scopes))
        request.header_token = token  # type: ignore[attr-defined]

    def _password(self, request: HttpRequest, encoded: str) -> None:
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as trouble:
            raise TokenRefused("The Authorization header cannot be read.") from trouble
        user = authenticate(request, username=name.replace("\x00", ""), password=password)
        if user is None:
            raise TokenRefused("User name and password do not match.")
        if has_second_factor(user):
            raise TokenRefused(
                "This account has a second factor; a password alone opens nothing. Make an API "
                "token under Account, API tokens."
            )
        _signed_in(request, user, ALL_SCOPES)

    def _certificate(self, request: HttpRequest) -> None:
        socket: Any = request.META.get("gunicorn.socket")
        der = socket.getpeercert(binary_form=True) if hasattr(socket, "getpeercert") else None
        if not der:
            return
        found = certificate_user(der=der, at=timezone.now())
        if found is None:
            raise TokenRefused(
                "This certificate is not registered, expired, revoked, or acts as somebody who "
                "may approve."
            )
        _signed_in(request, found.user, ALL_SCOPES)
        request.header_certificate = found  # type: ignore[attr-defined]


class Idempotency:
    """Answer a write that carries a known Idempotency-Key as the first time, without doing it."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Claim the key, do the work, keep the answer."""
        key = request.headers.get("Idempotency-Key", "").replace("\x00", "")
        write = request.method in ("POST", "PATCH") and asks_api(request)
        if not key or not write or not request.user.is_authenticated:
            return self.get_response(request)
        user: Any = request.user
        body = self._body(request)
        mark = fingerprint(str(request.method), request.get_full_path(), body)
        try:
            known = claim(user=user, key=key, mark=mark, at=timezone.now())
        except KeyRefused as trouble:
            return problem("API-idempotency", str(trouble), trouble.status)
        if known is not None:
            answer = HttpResponse(
                bytes(known.body), status=known.status, content_type=known.media_type
            )
            answer["Idempotent-Replayed"] = "true"
            return answer
        response = self.get_response(request)
        settle(
            user=user,
            key=key,
            status=response.status_code,
            body=response.content,
            media_type=response.headers.get("Content-Type", ""),
        )
        return response

    def _body(self, request: HttpRequest) -> bytes:
        """A file is told by its length and its name in the form, not read here."""
        if request.content_type == "multipart/form-data":
            return str(request.META.get("CONTENT_LENGTH", "")).encode()
        try:
            return request.body
        except RequestDataTooBig:
            return b""


def _signed_in(request: HttpRequest, user: Any, scopes: frozenset[str]) -> None:
    request.user = user
    request.header_scopes = scopes  # type: ignore[attr-defined]


def _refused(sentence: str) -> HttpResponse:
    response = problem("API-not_authenticated", sentence, 401)
    response["WWW-Authenticate"] = 'Bearer realm="rmrcpm"'
    return response

"""Who comes: a token or password in a header, a certificate, an idle session; headers of pages."""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from apps.platform.accounts.selectors import viewer_of
from apps.platform.clock.selectors import machine_now, site_now
from apps.platform.sign_in.adapters import lock_out_sentence, within_scope
from apps.platform.sign_in.codes import ALL_SCOPES
from apps.platform.sign_in.models import IdempotentReply
from apps.platform.sign_in.selectors import has_second_factor
from apps.platform.sign_in.services import TokenRefused, idempotency, token_user
from apps.platform.sign_in.services.certificates import certificate_user
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
        token = token_user(secret=secret, at=site_now())
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
        found = certificate_user(der=der, at=machine_now())
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
        """Let the request through: the view it is for is not known here yet."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, words: Any, named: Any) -> Any:
        """Hold the key, do the work and keep the answer, or give the answer that is kept.

        A token without the scope is left to the view, which refuses it: it neither reads what is
        kept nor has its refusal kept. Work and answer are one transaction, of files too, so a
        crash keeps both or neither. Only a mail goes after the commit of what it is about
        (``mails_after_commit`` of the view), so that nobody gets a link of what is rolled back and
        no row is locked while a mail server is spoken to. Such a view keeps its answer itself with
        what it does (``keyed_write`` of the request), and the whole answer replaces that.
        """
        key = request.headers.get("Idempotency-Key", "").replace("\x00", "")
        if not key or request.method not in ("POST", "PATCH") or not asks_api(request):
            return None
        scopes: frozenset[str] | None = getattr(request, "header_scopes", None)
        kind = getattr(view, "cls", None)
        if not request.user.is_authenticated or (
            scopes is not None and not within_scope(scopes, request, kind)
        ):
            return None
        try:
            mark = _mark(request, scopes)
        except (MultiPartParserError, SuspiciousOperation):
            return None  # a body that cannot be read: the view says so, and does nothing
        user: Any = request.user
        write = idempotency.KeyedWrite(user=user, key=key, mark=mark, at=site_now())
        try:
            with idempotency.held(user=user, key=key):
                known = write.known_reply()
                if known is not None:
                    return _again(known, secret=getattr(kind, "answers_with_secret", False))
                by_itself = getattr(kind, "mails_after_commit", False)
                request.keyed_write = write  # type: ignore[attr-defined]
                with nullcontext() if by_itself else transaction.atomic():
                    response = view(request, *words, **named)
                    if not getattr(response, "is_rendered", True):
                        response.render()
                    secret = getattr(kind, "answers_with_secret", False)
                    write.reply_keep(
                        status=response.status_code,
                        media_type=response.headers.get("Content-Type", ""),
                        body=b"" if secret and response.status_code < 400 else response.content,
                    )
                return response
        except idempotency.KeyRefused as trouble:
            return _key_refused(trouble)


def _again(known: IdempotentReply, *, secret: bool) -> HttpResponse:
    """Answer as the first time; of an answer with a secret, say that it was done and not kept."""
    if secret and known.status is not None and known.status < 400:
        return problem(
            "API-idempotency",
            "This was done with the same key, and its answer held a secret, which is shown once "
            "and not kept. Look at the list; where the secret is lost, revoke what was made and "
            "make another with a new key.",
            409,
        )
    answer = HttpResponse(bytes(known.body), status=known.status, content_type=known.media_type)
    answer["Idempotent-Replayed"] = "true"
    return answer


def _key_refused(trouble: idempotency.KeyRefused) -> HttpResponse:
    response = problem("API-idempotency", str(trouble), trouble.status)
    if trouble.status == 409:
        response["Retry-After"] = "2"
    return response


def _sends_files(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data"


def _mark(request: HttpRequest, scopes: frozenset[str] | None) -> str:
    """Return what tells this request from another under the same key, to the byte of its files.

    Scopes and roles belong to it: what one token was answered is not told to a lesser one.
    """
    parts: list[str | bytes] = [
        str(request.method),
        request.get_full_path(),
        request.content_type or "",
        "session" if scopes is None else ",".join(sorted(scopes)),
        ",".join(sorted(viewer_of(request.user).roles)),
    ]
    if not _sends_files(request) or request.method != "POST":
        return idempotency.fingerprint([*parts, request.body])
    for name, values in sorted(request.POST.lists()):
        parts += [name, *values]
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            parts += [name, file.name or "", _digest(file)]
    return idempotency.fingerprint(parts)


def _digest(file: Any) -> bytes:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.digest()


def _signed_in(request: HttpRequest, user: Any, scopes: frozenset[str]) -> None:
    request.user = user
    request.header_scopes = scopes  # type: ignore[attr-defined]


def _refused(sentence: str) -> HttpResponse:
    response = problem("API-not_authenticated", sentence, 401)
    response["WWW-Authenticate"] = 'Bearer realm="rmrcpm"'
    return response

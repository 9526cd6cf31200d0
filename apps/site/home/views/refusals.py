"""What the framework calls where it refuses a request itself, each in our words."""

from __future__ import annotations

import re
import sys

from django.apps import apps
from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse

from apps.platform.ui.refusals import NOTHING_HALF, refused, unavailable
from apps.platform.ui.unavailable import unavailable_because

NO_MATCH = re.compile(r"No (\w+) matches the given query\.")
MEGABYTE = 1024 * 1024
LOAD_AGAIN = "Load the page again, and send it once more."


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refuse what cannot be taken as it is sent (400), or is too large to be read at once (413).

    What the framework says of it is for the log: it may repeat what was sent.
    """
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        size = f"{most // MEGABYTE} MB" if most >= MEGABYTE else f"{most:,} bytes"
        return refused(
            request,
            code="API-too_large",
            heading="Too large",
            sentence=f"What was sent holds more than {size} beside its files. Nothing was stored.",
            status=413,
            advice="Send it in parts, or as a file under Upload.",
            links=[("Upload", reverse("upload-kinds"))],
        )
    sentence, advice = _of_request(exception)
    return refused(
        request,
        code="API-bad_request",
        heading="This request was not understood",
        sentence=f"{sentence} Nothing was done.",
        status=400,
        advice=advice,
    )


def _of_request(exception: Exception | None) -> tuple[str, str]:
    """Return what is wrong with a request, and what to do about it."""
    if isinstance(exception, DisallowedHost):
        return (
            "This site does not answer under that host name.",
            "Open the site by the address you were given.",
        )
    if isinstance(exception, TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return f"The form holds more than {most:,} fields.", "Send less at once."
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return f"The form holds more than {most:,} files.", "Send fewer files at once."
    if isinstance(exception, MultiPartParserError):
        return (
            "The form cannot be read: it is broken off, or not written as forms are.",
            LOAD_AGAIN,
        )
    return "The request holds something that is not taken.", LOAD_AGAIN


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refuse an address that leads nowhere, or is not the viewer's to see."""
    sentence = _in_our_words(exception)
    return refused(
        request,
        code="API-not_found",
        heading="Page not found",
        sentence=sentence or "There is nothing at this address, or it is not yours to see.",
        status=404,
        advice="Look whether the address is whole, or look for it from Home.",
    )


def _in_our_words(exception: Exception | None) -> str:
    """Return what a page said of an address; nothing where only the framework spoke."""
    said = str(exception or "")
    if "tried" in said:
        return ""
    model = NO_MATCH.fullmatch(said)
    if model is None:
        return said
    names = {m._meta.object_name: str(m._meta.verbose_name) for m in apps.get_models()}
    thing = names.get(model[1], "")
    return f"There is no such {thing}, or it is not yours to see." if thing else ""


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Refuse what the viewer's roles do not include."""
    return refused(
        request,
        code="API-permission_denied",
        heading="Access denied",
        sentence=str(exception or "Your roles do not include this page."),
        status=403,
        advice="Where you need it, ask the administrator of your organisation for the role.",
    )


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose mark is not this session's: nothing was done.

    Another tab signed in or out since it was opened, or it was sent from elsewhere.
    """
    return refused(
        request,
        code="API-permission_denied",
        heading="This page was too old to send",
        sentence="The page you sent was opened before somebody signed in or out in this browser, "
        "or cookies are off. Nothing was done.",
        status=403,
        advice="Go back, load the page again, and send it once more.",
    )


def too_often(request: HttpRequest) -> HttpResponse:
    """Refuse what one person or place asked too often in a short time."""
    answer = refused(
        request,
        code="API-throttled",
        heading="Too often",
        sentence="This was asked too often in a short time. Nothing was done.",
        status=429,
        advice="Wait a minute, then try again.",
    )
    answer["Retry-After"] = "60"
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """Tell that a request failed: something did not take it for now (503), or we erred (500).

    The page names the request, by which its lines are found in the log.
    """
    found = unavailable_because(sys.exc_info()[1])
    if found is not None:
        return unavailable(request, found)
    return refused(
        request,
        code="API-error",
        heading="Something broke on our side",
        sentence=f"The fault is on our side, and in the log. {NOTHING_HALF}",
        status=500,
        advice="Look whether what you sent is there, then try again. Tell the operator the number "
        "if it stays.",
    )

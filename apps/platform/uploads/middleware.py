"""Refuses a body before a byte of it is read, and what others keep busy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from apps.platform.core.busy import Busy
from apps.platform.core.charsets import CHARSET_REFUSED
from apps.platform.ui.refusals import refused, unavailable
from apps.platform.ui.unavailable import unavailable_because
from apps.platform.uploads.services import size_violations

FORM_FIELDS = 1024 * 1024  # what may stand beside the file


class BodyLimit:
    """Answer 413 by the announced length, 415 by the charset that is named.

    It stands where it is known who asks, and before whatever reads a body: the check of forms, and
    the views.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Look at what is said of the body only."""
        if request.META.get(CHARSET_REFUSED):
            return refused(
                request,
                code="API-unsupported_media_type",
                heading="Not in this charset",
                sentence="Text is read as UTF-8: send it so, or name no charset.",
                status=415,
            )
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) <= settings.UPLOAD_MAX_BYTES + FORM_FIELDS:
            return self.get_response(request)
        (found,) = size_violations(int(length))
        return refused(
            request,
            code=found.code,
            heading="Too large",
            sentence=found.message,
            status=413,
            links=[("Back to Upload", reverse("upload-kinds"))],
        )

    def process_exception(self, request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        """Answer 503 where a file cannot be read, or a change split, because others are."""
        found = unavailable_because(trouble) if isinstance(trouble, Busy) else None
        return None if found is None else unavailable(request, found, framed=True)

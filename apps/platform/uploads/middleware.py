"""Refuses a body that is too large before a byte of it is kept, and what others keep busy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.platform.core.busy import Busy
from apps.platform.ui.api import asks_api, problem
from apps.platform.uploads.services import size_violations

FORM_FIELDS = 1024 * 1024  # what may stand beside the file
COME_AGAIN = "5"  # seconds


class BodyLimit:
    """Answer 413 by the announced length; the file behind it is never read."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Look at the length only."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) <= settings.UPLOAD_MAX_BYTES + FORM_FIELDS:
            return self.get_response(request)
        (found,) = size_violations(int(length))
        if asks_api(request):
            return problem(found.code, found.message, 413)
        return render(request, "413.html", {"sentence": found.message}, status=413)

    def process_exception(self, request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        """Answer 503 where a file cannot be read, or a change split, because others are."""
        if not isinstance(trouble, Busy):
            return None
        response: HttpResponse
        if asks_api(request):
            response = problem(trouble.code, str(trouble), 503)
        else:
            told = {"title": "Busy", "sentence": str(trouble)}
            response = render(request, "413.html", told, status=503)
        response["Retry-After"] = COME_AGAIN
        return response

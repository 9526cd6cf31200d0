"""The line, the count and the id of each request; stands before everything else."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import SimpleLazyObject

from apps.platform.core.redaction import on_one_line, path_for_log
from apps.platform.core.request_ids import under_request, well_formed
from apps.site.operations.services import COUNTS

logger = logging.getLogger("rmrcpm.requests")
HEADER = "X-Request-ID"
NOTES = "rmrcpm.log_notes"  # where the log's filter puts why a request was refused


class RequestLine:
    """Give a request its id, carry it out under that id, then count and log it once.

    The id is taken from a well-formed ``X-Request-ID``, else made; it stands in the answer's
    header. The line tells method, path, status, milliseconds, who asked, and why it was refused;
    never what was asked behind the path.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        given = request.headers.get(HEADER, "").strip()
        request_id = given if well_formed(given) else uuid.uuid4().hex
        request.META[NOTES] = []
        began = time.perf_counter()
        with under_request(request_id):
            response = self.get_response(request)
            self._told(request, response, time.perf_counter() - began)
        response.headers.setdefault(HEADER, request_id)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            content = cast(Iterable[bytes], response.streaming_content)
            response.streaming_content = _carried(content, request_id)
        return response

    def _told(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        method, status = str(request.method), response.status_code
        COUNTS.add(method=method, route=route_of(request), status=status, seconds=seconds)
        is_static = request.path.startswith(settings.STATIC_URL)  # its names hold digests
        path = (
            on_one_line(request.path) if is_static and status < 400 else path_for_log(request.path)
        )
        took = round(seconds * 1000)
        user = _known_user(request)
        notes = "; ".join(dict.fromkeys(request.META[NOTES]))
        fields = {
            "method": method[:20],
            "path": path,
            "route": route_of(request),
            "status": status,
            "ms": took,
            "user": user,
            "address": request.META.get("REMOTE_ADDR", ""),
            "why": notes,
        }
        logger.log(
            logging.WARNING if 400 <= status < 500 else logging.INFO,
            "%s %s %s %s ms user %s%s",
            method[:20],
            path,
            status,
            took,
            user or "-",
            f": {notes}" if notes else "",
            extra={"fields": fields},
        )


def route_of(request: HttpRequest) -> str:
    """Return the declared address a request came to, so that all its rows are one series."""
    match = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def _known_user(request: HttpRequest) -> int | None:
    """Return the number of who asked, where it is known already; nobody is looked up for a line."""
    found: Any = getattr(request, "_cached_user", None) or request.__dict__.get("user")
    return None if isinstance(found, SimpleLazyObject) else getattr(found, "pk", None)


def _carried(content: Iterable[bytes], request_id: str) -> Iterator[bytes]:
    parts = iter(content)
    while True:
        with under_request(request_id):
            part = next(parts, None)
        if part is None:
            return
        yield part

"""Text that no database holds is kept out of requests, what nobody sees is shown; API ETags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.middleware.http import ConditionalGetMiddleware

from apps.platform.core.unseen import UNSEEN, shown
from apps.platform.ui.api import asks_api

NUL = "\x00"


class NoNul:
    """Take NUL characters out of what a request asks and fills in: no text column holds one.

    Nobody types them; a view that compares such a text in a query would fail. An address with one
    names nothing. Bodies of the API are checked by its serializers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at the address and what is asked behind it; raises Http404 for an address."""
        if NUL in request.path_info:
            raise Http404("No address holds a NUL character.")
        if "%00" in request.META.get("QUERY_STRING", "") or _holds_nul(request.GET):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Look at a form, which the check against forged requests has read by now."""
        form = request.method == "POST" and not asks_api(request)
        if form and _holds_nul(request.POST):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]


def _holds_nul(texts: QueryDict) -> bool:
    return any(NUL in name or any(NUL in t for t in every) for name, every in texts.lists())


def _without_nul(texts: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=texts.encoding)
    for name, every in texts.lists():
        clean.setlist(name.replace(NUL, ""), [text.replace(NUL, "") for text in every])
    clean._mutable = False
    return clean


class VisibleSigns:
    """Write characters that nobody sees as their codes in all that people read.

    A name that holds one could else stand as another name, or turn the text after it around.
    """

    READ_BY_PEOPLE = (
        "text/html",
        "text/plain",
        "text/calendar",
        "application/atom+xml",
        "application/rss+xml",
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Look at the whole of a page; what is streamed is a file."""
        response = self.get_response(request)
        media = response.headers.get("Content-Type", "").partition(";")[0]
        if media in self.READ_BY_PEOPLE and isinstance(response, HttpResponse):
            text = response.content.decode(response.charset, errors="replace")
            if UNSEEN.search(text):
                response.content = shown(text).encode(response.charset)
        return response


class ApiConditional(ConditionalGetMiddleware):
    """Answer 304 to an API request whose ETag still fits; pages carry tokens and are left alone."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Give API answers an ETag."""
        if not asks_api(request):
            return response
        return super().process_response(request, response)

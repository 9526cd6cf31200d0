"""Files as answers, of a page and of the API alike."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse


def download(
    name: str, media_type: str, content: bytes | Iterable[bytes], *, private: bool = False
) -> HttpResponseBase:
    """Return a response that a browser saves under a name; what comes in pieces is streamed.

    private: what somebody else sent; it is never shown as a page of this site, and never cached.
    """
    response: HttpResponseBase
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=media_type)
    else:
        response = StreamingHttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    if private:
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
    return response

"""Has every web request read under the row policies of its viewer's party."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import cast

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from apps.platform.accounts.selectors import viewer_of
from apps.platform.accounts.services import as_party

# sign-in looks people up before it is known who asks; its pages show a person only itself.
# health and metrics are figures over all parties without a row of any, and are told while the
# database is away
UNWALLED = ("/accounts/", "/health/", "/metrics")


class RowSecurity:
    """Run the request as its party sees the database; streams too, until their last byte."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Read as a party unless the viewer acts for the ISO."""
        viewer = viewer_of(request.user)
        if viewer.is_iso or request.path_info.startswith(UNWALLED):
            return self.get_response(request)
        with as_party(viewer.party_id):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            content = cast(Iterable[bytes], response.streaming_content)
            response.streaming_content = _walled(content, viewer.party_id)
        return response


def _walled(content: Iterable[bytes], party_id: int | None) -> Iterator[bytes]:
    with as_party(party_id):
        yield from content

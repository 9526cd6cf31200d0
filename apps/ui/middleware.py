"""ETags for the API: what has not changed is not sent again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware


class ApiConditional(ConditionalGetMiddleware):
    """Answer 304 to an API request whose ETag still fits; pages carry tokens and are left alone."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Give API answers an ETag."""
        if not request.path.startswith("/api/"):
            return response
        return super().process_response(request, response)

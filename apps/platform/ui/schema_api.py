"""The description of the API: made once by each process, as it follows from the release alone."""

from __future__ import annotations

from threading import Lock
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request

_LOCK = Lock()


class DescriptionApi(SpectacularJSONAPIView):
    """The description of every operation as OpenAPI, the same for everybody."""

    made = b""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the bytes; whoever comes while they are made waits for them."""
        renderer = self.renderer_classes[0]()
        with _LOCK:
            if not DescriptionApi.made:
                # asked without the request, so that nothing of the first one stays in it
                told = self.generator_class().get_schema(public=True)  # type: ignore[no-untyped-call]  # spectacular
                text = renderer.render(told, renderer_context={})
                DescriptionApi.made = text if isinstance(text, bytes) else text.encode()
        return HttpResponse(DescriptionApi.made, content_type=renderer.media_type)

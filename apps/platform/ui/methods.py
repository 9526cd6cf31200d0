"""Which methods a page serves: reading alone, unless its view says that it takes a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from apps.platform.ui.api import asks_api
from apps.platform.ui.refusals import refused

READING = frozenset({"GET", "HEAD"})
View = TypeVar("View", bound=Callable[..., Any])


def serves(*methods: str) -> Callable[[View], View]:
    """Have a page's view serve these methods; HEAD comes with GET. Others are answered by 405."""

    def mark(view: View) -> View:
        view.serves = frozenset(methods) | (READING if "GET" in methods else frozenset())  # type: ignore[attr-defined]  # a mark on it
        return view

    return mark


def served_by(view: Any) -> frozenset[str]:
    """Return the methods of a page's view; those of a class are what it has functions for."""
    while isinstance(view, partial):
        view = view.func
    made_of = getattr(view, "view_class", None)
    if made_of is not None:
        return frozenset(m.upper() for m in ("get", "head", "post") if hasattr(made_of, m)) | (
            {"HEAD"} if hasattr(made_of, "get") else frozenset()
        )
    usual = READING if view.__module__.startswith("apps.") else READING | {"POST"}
    found: frozenset[str] = getattr(view, "serves", usual)
    return found


def method_refused(request: HttpRequest, served: Sequence[str]) -> HttpResponse:
    """Return 405, which names the methods that are served."""
    answer = refused(
        request,
        code="API-method_not_allowed",
        heading="Not by this method",
        sentence=f"This address answers {', '.join(served)} only. Nothing was done.",
        status=405,
        advice="Open it by its link, or go back and use the page's own button.",
    )
    answer["Allow"] = ", ".join(served)
    return answer


class Methods:
    """Answer 405 where a page is asked by a method it does not serve; the API answers for itself.

    It stands before the check against forged requests, which would answer 403.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass a request on; its view is known later."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Look at the method before the view is called."""
        if asks_api(request):
            return None
        served = sorted(served_by(view))
        if request.method in served:
            return None
        return method_refused(request, served)

"""Pages of the guide."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from apps.platform.accounts.selectors import viewer_of
from apps.site.guide import selectors
from apps.site.guide.codes import PAGES, TourStep


def index(request: HttpRequest) -> HttpResponse:
    """Show what the guide holds."""
    return render(
        request,
        "guide/index.html",
        {"pages": PAGES, "tour": bool(selectors.tour(viewer_of(request.user)))},
    )


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one page."""
    found = next((p for p in PAGES if p.slug == slug), None)
    if found is None:
        raise Http404("The guide has no such page.")
    html = selectors.page_for(slug, viewer_of(request.user))
    return render(request, "guide/page.html", {"page": found, "html": html})


def rules(request: HttpRequest) -> HttpResponse:
    """Show every rule in the words of the code that carries it out."""
    return render(request, "guide/rules.html", {"rules": selectors.rules()})


def tour(request: HttpRequest) -> HttpResponse:
    """Return the steps of the viewer's tour."""
    steps = selectors.tour(viewer_of(request.user))
    return JsonResponse(
        {"steps": [{"target": _target(s), "title": s.title, "text": s.text} for s in steps]}
    )


def _target(step: TourStep) -> str:
    return f'.menu a[href="{reverse(step.target)}"]' if step.in_menu else step.target

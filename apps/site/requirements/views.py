"""The requirements on screen: id, state, code and tests."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.site.requirements.rules import state_of
from apps.site.requirements.selectors import catalogue


def requirement_list(request: HttpRequest) -> HttpResponse:
    """Show the catalogue, filtered by state, app and words."""
    rows = [(r, state_of(r)) for r in catalogue()]
    counts = Counter(state for _, state in rows)
    state, app = request.GET.get("state", ""), request.GET.get("app", "")
    words = request.GET.get("q", "").strip().casefold()
    apps = sorted({r.app for r, _ in rows})
    shown = [
        (r, s)
        for r, s in rows
        if (not state or s == state)
        and (not app or r.app == app)
        and (not words or words in f"{r.id} {r.title} {r.text}".casefold())
    ]
    return render(
        request,
        "requirements/list.html",
        {
            "rows": shown,
            "counts": sorted(counts.items()),
            "total": len(rows),
            "state": state,
            "app": app,
            "apps": apps,
            "q": request.GET.get("q", ""),
        },
    )

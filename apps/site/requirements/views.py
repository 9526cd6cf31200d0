"""The requirements on screen, with id, state, code and tests; and the registries."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_tables2 import RequestConfig

from apps.site.requirements.rules import state_of
from apps.site.requirements.selectors import catalogue, registered
from apps.site.requirements.tables import tables_of


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


def registry_list(request: HttpRequest) -> HttpResponse:
    """Show the registries, or the entries of one, or those that hold some words."""
    named, words = request.GET.get("registry", ""), request.GET.get("q", "").strip()
    table = tables_of(registered(named, words), named, words)
    RequestConfig(request, paginate=False).configure(table)
    table.paginate(per_page=100)
    table.page = table.paginator.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "table": table,
        "names": [each.name for each in registered()],
        "chosen": next((each for each in registered(named) if each.name == named), None),
        "named": named,
        "q": words,
        "query": query.urlencode(),
    }
    return render(request, "requirements/registries.html", context)

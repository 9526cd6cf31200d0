"""The home page by role, and the health pages."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from apps.platform.accounts.selectors import viewer_of
from apps.platform.clock.selectors import site_now
from apps.platform.notifications.selectors import deadlines
from apps.platform.ui.workflow import openings_about
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.settlement.settlements.selectors import cost_by_sc_and_tac, cost_chart
from apps.site.home import selectors

STARTED = time.monotonic()  # a clock that is set does not move it
LOOKED_AHEAD = timedelta(days=60)


def _up_for() -> timedelta:
    return timedelta(seconds=time.monotonic() - STARTED)


def home(request: HttpRequest) -> HttpResponse:
    """Show what needs doing today and how the latest days stand."""
    viewer = viewer_of(request.user)
    now = site_now()
    context: dict[str, Any] = {}
    if viewer.is_iso:
        days = selectors.recent_days()
        context = {
            "todos": selectors.todos(viewer=viewer, now=now),
            "days": days,
            "may_send": any(viewer.may(k.upload_roles) for k in UPLOAD_KINDS),
            "cost": cost_chart(cost_by_sc_and_tac(run=days[0]["run"])) if days else None,
            "health": selectors.health(now=now, up_for=_up_for()),
            "demo_job": selectors.demo_job(),
        }
        return render(request, "home/iso.html", context)
    if viewer.is_sc:
        rows = selectors.latest_statements(viewer=viewer)
        context = {
            "statements": rows,
            "openings": openings_about(viewer),
            "total": sum(s.total for s in rows),
            "todos": [t for t in selectors.cases_waiting(viewer) if t.count],
            "changes": selectors.latest_changes(viewer=viewer),
            "deadlines": deadlines(viewer=viewer, since=now, until=now + LOOKED_AHEAD)[:6],
        }
        return render(request, "home/sc.html", context)
    return render(request, "home/public.html", context)


def live(request: HttpRequest) -> HttpResponse:
    """Say that the web process answers."""
    return JsonResponse({"live": True})


def ready(request: HttpRequest) -> HttpResponse:
    """Say whether requests and background work can be served: 503 where not, and what is wrong."""
    found = selectors.health(now=site_now(), up_for=_up_for())
    return JsonResponse(found, status=200 if found["ready"] else 503)

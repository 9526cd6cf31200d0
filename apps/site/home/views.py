"""The home page by role, and the health pages."""

from __future__ import annotations

import re
import sys
import time
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from apps.platform.accounts.selectors import viewer_of
from apps.platform.clock.selectors import site_now
from apps.platform.core.request_ids import current_request_id
from apps.platform.notifications.selectors import deadlines
from apps.platform.ui.api import asks_api, problem
from apps.platform.ui.unavailable import TRY_AGAIN, unavailable_because
from apps.platform.ui.workflow import openings_about
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.settlement.settlements.selectors import cost_by_sc_and_tac, cost_chart
from apps.site.home import selectors

STARTED = time.monotonic()  # a clock that is set does not move it
NO_MATCH = re.compile(r"No (\w+) matches the given query\.")
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


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show a gentle page for an address that leads nowhere, or is not the viewer's."""
    sentence = _in_our_words(exception)
    if asks_api(request):
        said = sentence or "There is no such address."
        return problem("API-not_found", said, 404)
    return render(request, "404.html", {"sentence": sentence}, status=404)


def _in_our_words(exception: Exception | None) -> str:
    """Return what a page said of an address; nothing where only the framework spoke."""
    said = str(exception or "")
    if "tried" in said:
        return ""
    model = NO_MATCH.fullmatch(said)
    if model is None:
        return said
    names = {m._meta.object_name: str(m._meta.verbose_name) for m in apps.get_models()}
    thing = names.get(model[1], "")
    return f"There is no such {thing}, or it is not yours to see." if thing else ""


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show a gentle page for what the viewer's roles do not include."""
    if asks_api(request):
        return problem("API-permission_denied", str(exception or "Not allowed."), 403)
    context = {"sentence": str(exception or ""), "request_id": current_request_id()}
    return render(request, "403.html", context, status=403)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show a gentle page for a form whose mark is not this session's: nothing was done.

    Another tab signed in or out since it was opened, or it was sent from elsewhere.
    """
    sentence = (
        "The page you sent was opened before somebody signed in or out in this browser, or cookies "
        "are off. Nothing was done. Go back, load the page again, and send it once more."
    )
    if asks_api(request):
        return problem("API-permission_denied", sentence, 403)
    context = {"sentence": sentence, "title": "This page was too old to send"}
    context["request_id"] = current_request_id()
    return render(request, "403.html", context, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Tell gently that a request failed: database or disk did not take it (503), or we erred.

    The page names the request, by which its lines are found in the log. It knows nothing of the
    viewer, as the database may not answer.
    """
    found = unavailable_because(sys.exc_info()[1])
    status, name = (503, "503.html") if found else (500, "500.html")
    if asks_api(request):
        said = (
            f"{found.sentence} Nothing was half stored; look whether it is there, then try again."
            if found
            else "Something broke on our side. Nothing was half stored."
        )
        answer: HttpResponse = problem(found.code if found else "API-error", said, status)
    else:
        context = {"found": found, "request_id": current_request_id()}
        answer = HttpResponse(render_to_string(name, context), status=status)
    if found:
        answer["Retry-After"] = TRY_AGAIN
    return answer

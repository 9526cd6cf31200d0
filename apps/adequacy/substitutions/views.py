"""The page that finds substitutes, with what it costs to have none."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.adequacy.substitutions.codes import READERS, REQUESTERS
from apps.adequacy.substitutions.services import search
from apps.platform.ui.requests import admit, note_reading


@login_required
def candidates(request: HttpRequest) -> HttpResponse:
    """Show which resources may stand in for one that is out, and why each other may not."""
    viewer = admit(request, READERS)
    found = search(viewer, request.GET)
    if found.need is not None:
        note_reading(request, f"substitutes for {found.need.resource}")
    return render(
        request,
        "substitutions/candidates.html",
        {"found": found, "q": request.GET, "may_ask": viewer.may(REQUESTERS)},
        status=400 if found.violations else 200,
    )

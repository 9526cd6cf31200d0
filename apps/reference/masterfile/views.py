"""Retrieving the Master File by hand."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from apps.platform.clock.selectors import site_now
from apps.platform.jobs.services import queue
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit, day_asked
from apps.reference.masterfile.codes import RETRIEVERS
from apps.reference.masterfile.tasks import RETRIEVE


@login_required
@serves("GET", "POST")
def retrieve(request: HttpRequest) -> HttpResponse:
    """Ask before the source is asked, then have a worker do it."""
    admit(request, RETRIEVERS)
    if request.method != "POST":
        return render(request, "masterfile/retrieve.html", {})
    now = site_now()
    day = day_asked(request.POST.get("day", ""))
    job = queue(
        kind=RETRIEVE.code,
        title=f"Master File of {day}",
        actor=actor_of(request),
        at=now,
        arguments={"day": day.isoformat()},
    )
    return redirect("job", job.pk)

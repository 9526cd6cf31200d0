"""Pages of notices: open one, preferences, deadlines, the calendar file."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.accounts.rules import NOBODY
from apps.platform.accounts.services import as_party, bypass_rls
from apps.platform.clock.selectors import site_now
from apps.platform.notifications import selectors, services
from apps.platform.notifications.hooks import TOPICS
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit

REACH = timedelta(days=120)


@login_required
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a notice read and go where it leads."""
    viewer = admit(request, SIGNED_IN)
    found = get_object_or_404(selectors.notices(viewer=viewer), pk=notice_id)
    services.mark_read(user=actor_of(request), at=site_now(), notice_id=found.pk)
    return redirect(found.address or reverse("notices"))


@login_required
@serves("POST")
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice read."""
    admit(request, SIGNED_IN)
    count = services.mark_read(user=actor_of(request), at=site_now())
    messages.success(request, f"{count} notices marked read.")
    return redirect("notices")


@login_required
@serves("GET", "POST")
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose how to be told of each topic."""
    admit(request, SIGNED_IN)
    user = actor_of(request)
    if request.method == "POST":
        choices = {
            t.code: (f"in_app-{t.code}" in request.POST, f"email-{t.code}" in request.POST)
            for t in TOPICS
        }
        services.prefer(user=user, choices=choices)
        messages.success(request, "Saved.")
        return redirect("notice-preferences")
    return render(
        request, "notifications/preferences.html", {"preferences": selectors.preferences(user)}
    )


@login_required
def deadlines(request: HttpRequest) -> HttpResponse:
    """Show what has to be done by when, and the address of the calendar."""
    viewer = admit(request, SIGNED_IN)
    now = site_now()
    found = selectors.deadlines(viewer=viewer, since=now - timedelta(days=7), until=now + REACH)
    key = services.calendar_key(actor_of(request))
    address = request.build_absolute_uri(reverse("calendar", args=[key]))
    return render(
        request,
        "notifications/deadlines.html",
        {"deadlines": found, "address": address, "moment": now},
    )


def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """Send a person's deadlines to a calendar program, which cannot sign in but knows the key."""
    with bypass_rls("the key in the address says whose calendar it is"):
        user = services.calendar_user(key)
        viewer = user.viewer() if user else NOBODY
    if user is None:
        raise Http404("There is no such calendar.")
    root = request.build_absolute_uri("/")
    if viewer.is_iso:
        with bypass_rls("the calendar of somebody of the ISO"):
            text = services.calendar(viewer=viewer, at=site_now(), root=root)
    else:
        with as_party(viewer.party_id):
            text = services.calendar(viewer=viewer, at=site_now(), root=root)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")

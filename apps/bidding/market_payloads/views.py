"""The text of a payload, and making payloads of a trade date now."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from apps.bidding.market_payloads import selectors, services
from apps.bidding.market_payloads.codes import AUDIENCES, SENDERS, Audience
from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.clock.selectors import site_now
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit, day_of


@login_required
def payload_text(request: HttpRequest, payload_id: int) -> HttpResponse:
    """Download a payload as it was sent."""
    viewer = admit(request, ISO_ROLES)
    payload = get_object_or_404(selectors.payloads(viewer=viewer), pk=payload_id)
    name = services.file_name(payload)
    media = "application/json" if name.endswith(".json") else "text/csv"
    response = HttpResponse(payload.body.text, content_type=f"{media}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@serves("GET", "POST")
def market_view(request: HttpRequest) -> HttpResponse:
    """Ask for a trade date, then make what changed and hand it over."""
    admit(request, SENDERS)
    if request.method != "POST":
        return render(request, "market_payloads/make.html", {"audiences": AUDIENCES})
    day = day_of(request.POST.get("day", ""))
    made = [
        payload
        for audience in Audience
        for payload, is_new in [
            services.payload_asked(
                audience=audience,
                day=day,
                actor=actor_of(request),
                at=site_now(),
                cause="by hand",
            )
        ]
        if is_new
    ]
    if made:
        messages.success(request, f"{len(made)} new versions of {day}; they are on their way.")
    else:
        messages.info(request, f"Nothing has changed for {day}: no new version was made.")
    return redirect(
        reverse("market-payloads", query={"trade_date_from": day, "trade_date_to": day})
    )

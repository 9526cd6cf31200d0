"""Pages of an SC's month, and of what its weekly invoices bill."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.accounts.models import Party
from apps.platform.accounts.rules import Viewer
from apps.platform.clock.selectors import site_today
from apps.platform.core.violations import ValidationFailed
from apps.platform.ui.requests import admit, day_of, note_reading
from apps.settlement.statements import selectors, services

INVOICES_A_PAGE = 12


def party_shown(request: Any, viewer: Viewer) -> tuple[Party | None, list[Party]]:
    """Return whose statements are shown, and among whom the viewer may choose.

    An SC sees its own whatever it asks for.
    """
    found = list(selectors.recipients(viewer=viewer))
    asked = request.GET.get("sc", "")
    chosen = next((p for p in found if p.code == asked), found[0] if found else None)
    if chosen is not None:
        note_reading(request, f"statements of {chosen.code} over time", chosen.pk)
    return chosen, found


@login_required
def month(request: HttpRequest) -> HttpResponse:
    """Show an SC's month: one row a trade date as it stands now, sums by charge, a picture."""
    viewer = admit(request, SIGNED_IN)
    sc, choices = party_shown(request, viewer)
    asked = request.GET.get("month", "")
    day = day_of(f"{asked}-01") if asked else None
    months = selectors.months_with_statements(sc.pk) if sc else []
    day = day or (months[0] if months else site_today())
    found = services.month_of(sc, day) if sc else None
    chart = None
    if found and found.statements:
        chart = {
            "kind": "stacked-bar",
            "unit": "$",
            "title": "Charges and payments by trade date",
            "categories": [f"{s.trade_date:%m-%d}" for s in found.statements],
            "series": [
                {"name": "charges", "data": [float(s.charges) for s in found.statements]},
                {"name": "payments", "data": [float(s.payments) for s in found.statements]},
            ],
        }
    return render(
        request,
        "statements/month.html",
        {
            "sc": sc,
            "choices": choices,
            "month": found,
            "months": months,
            "chart": chart,
            "day": day,
        },
    )


@login_required
def invoices(request: HttpRequest) -> HttpResponse:
    """Show which weekly invoice bills each statement, and what it comes to."""
    viewer = admit(request, SIGNED_IN)
    sc, choices = party_shown(request, viewer)
    rows, trouble = [], ""
    try:
        rows = services.billed(selectors.statements(viewer=viewer).filter(sc=sc)) if sc else []
    except ValidationFailed as refusal:
        trouble = str(refusal)
    page = Paginator(rows, INVOICES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "statements/invoices.html",
        {"sc": sc, "choices": choices, "page": page, "trouble": trouble},
    )

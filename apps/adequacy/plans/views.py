"""The RA column of a day: what each resource shows, whoever it is from."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.adequacy.plans.codes import PLAN_READERS
from apps.adequacy.plans.filters import asked
from apps.adequacy.plans.selectors import ra_column
from apps.platform.ui.requests import admit, note_reading


@login_required
def ra_capacity(request: HttpRequest) -> HttpResponse:
    """Show the RA column of a day, with where each megawatt comes from."""
    viewer = admit(request, PLAN_READERS)
    day, part, words = asked(request.GET)
    rows = ra_column(viewer, day, part, words)
    note_reading(request, f"RA column of {day}")
    totals: dict[str, Decimal] = {}
    for row in rows:
        for h in row["parts"]:
            totals[h.source] = totals.get(h.source, Decimal(0)) + h.mw
    return render(
        request,
        "plans/ra_capacity.html",
        {
            "rows": rows,
            "day": day,
            "part": part,
            "q": words,
            "totals": sorted(totals.items()),
            "total": sum(totals.values(), Decimal(0)),
        },
    )

"""The RA column of a day: what each resource shows, whoever it is from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.adequacy.plans.hooks import Held
from apps.adequacy.plans.selectors import capacity_on, own_ids
from apps.adequacy.plans.terms import PLAN_READERS
from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.services import over_the_wall
from apps.platform.kernel.tradetime import PACIFIC
from apps.platform.ui.views import admit, day_of, note_reading
from apps.reference.resources.selectors import resource_codes


def ra_column(viewer: Viewer, day: date, part: str, words: str) -> list[dict[str, Any]]:
    """Return the RA column of a day for a viewer: resource, MW, and what they are made of.

    RMR capacity stands in the same column as RA shown and CPM (BRQ-0221).
    """
    own = own_ids(viewer)
    with over_the_wall("the RA column counts every source of the viewer's own resources"):
        held = [h for h in capacity_on(day, resource_ids=own) if h.part == part]
    codes = resource_codes({h.resource_id for h in held})
    by_resource: dict[int, list[Held]] = {}
    for h in held:
        by_resource.setdefault(h.resource_id, []).append(h)
    rows = [
        {
            "resource_id": key,
            "resource": codes[key],
            "parts": parts,
            "mw": sum((h.mw for h in parts), Decimal(0)),
            "sources": ", ".join(dict.fromkeys(h.source for h in parts)),
        }
        for key, parts in by_resource.items()
        if words.upper() in codes[key].upper()
    ]
    return sorted(rows, key=lambda r: r["resource"])


def asked(request: Any) -> tuple[date, str, str]:
    """Return which day, part and name somebody asks for."""
    text = request.GET.get("day", "")
    day = day_of(text) if text else timezone.now().astimezone(PACIFIC).date()
    part = "FLEX" if request.GET.get("part") == "FLEX" else "GENERIC"
    return day, part, request.GET.get("q", "")[:40]


@login_required
def ra_capacity(request: HttpRequest) -> HttpResponse:
    """Show the RA column of a day, with where each megawatt comes from."""
    viewer = admit(request, PLAN_READERS)
    day, part, words = asked(request)
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

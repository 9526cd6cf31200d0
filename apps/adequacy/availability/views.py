"""Pages of availability: a month by resource, and the heat map of one resource's month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.adequacy.availability import selectors, services
from apps.adequacy.availability.codes import DAILY, READERS, TYPES
from apps.adequacy.availability.models import AvailabilityHour
from apps.adequacy.availability.rules import availability_share
from apps.adequacy.substitutions.selectors import substitutions
from apps.platform.accounts.codes import ANALYSTS
from apps.platform.clock.selectors import site_now, site_today
from apps.platform.core.quantity import plain
from apps.platform.core.tradetime import FAR_MOMENT, Span, TradeDay, last_of_month
from apps.platform.core.words import counted
from apps.platform.runs.services import RunRefused
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit, day_of, note_reading
from apps.reference.outages.selectors import natures_on, outage_frame

MOST_DAYS_SHOWN = 5


def month_asked(text: str) -> date:
    """Return the first day of a month written 2024-09; Http404 for what is none."""
    return day_of(f"{text}-01" if len(text) == 7 else "")


@login_required
def months(request: HttpRequest) -> HttpResponse:
    """Show the availability of a month, resource by resource."""
    viewer = admit(request, READERS)
    asked = request.GET.get("month", "")
    month = month_asked(asked) if asked else site_today().replace(day=1)
    note_reading(request, f"availability of {month:%Y-%m}")
    rows = selectors.months_of(month, viewer)
    standing = services.standing_of_month(month, site_now()) if viewer.is_iso else []
    return render(
        request,
        "availability/months.html",
        {
            "month": month,
            "rows": rows,
            "kind": DAILY,
            "may_request": viewer.may(ANALYSTS),
            "standing": [s for s in standing if s.to_measure],
            "most": MOST_DAYS_SHOWN,
        },
    )


@login_required
@serves("POST")
def measure_month(request: HttpRequest, month: str) -> HttpResponse:
    """Request the availability of a month's days that are missing or outdated."""
    admit(request, ANALYSTS)
    first = month_asked(month)
    try:
        made = services.request_month(month=first, actor=actor_of(request), at=site_now())
    except RunRefused as trouble:
        messages.error(request, str(trouble))
    else:
        messages.success(
            request, f"Availability requested for {counted(len(made), 'day')} of {month}."
        )
    return redirect(f"{reverse('availability')}?month={month}")


def tone(row: AvailabilityHour | None) -> str:
    """Return how a cell of the heat map is shaded: by the share of the obligation curtailed."""
    if row is None:
        return "none"
    share = row.curtailed_mw / row.obligation_mw if row.obligation_mw else Decimal(0)
    if share == 0:
        return "exempt" if row.exempt_mw else "whole"
    return f"out{min(int(share * 4) + 1, 4)}"


@login_required
def heat_map(request: HttpRequest, month: str, resource_id: int, ra_type: str) -> HttpResponse:
    """Show a resource's month hour by hour, with the outages behind it."""
    viewer = admit(request, READERS)
    first = month_asked(month)
    if ra_type not in TYPES:
        raise Http404("The RA types are GENERIC and FLEX.")
    span = Span.through(first, last_of_month(first))
    rows = list(
        selectors.hours(viewer=viewer)
        .filter(resource_id=resource_id, ra_type=ra_type, trade_date__range=(span.first, span.last))
        .order_by("trade_date", "hour_ending")
    )
    if not rows:
        raise Http404("Nothing of this resource and month was measured, or it is not yours.")
    note_reading(request, f"availability of {rows[0].unit} {month}")
    by_place = {(r.trade_date, r.hour_ending): r for r in rows}
    hours = sorted({r.hour_ending for r in rows})
    grid = [{"hour": h, "cells": [_cell(by_place.get((d, h)), d, h) for d in span]} for h in hours]
    owed = sum((r.obligation_mw for r in rows), Decimal(0))
    curtailed = sum((r.curtailed_mw for r in rows), Decimal(0))
    return render(
        request,
        "availability/heat_map.html",
        {
            "name": rows[0].unit,
            "month": first,
            "ra_type": ra_type,
            "days": list(span),
            "grid": grid,
            "owed": owed,
            "curtailed": curtailed,
            "exempt": sum((r.exempt_mw for r in rows), Decimal(0)),
            "share": availability_share(owed, curtailed),
            "count": len(rows),
            "outages": _outages(span, resource_id),
            "standing": _standing(first, resource_id, ra_type) if viewer.is_iso else None,
            "substitutions": substitutions(viewer=viewer)
            .filter(
                resource_id=resource_id,
                part=ra_type,
                starts_at__lt=TradeDay(span.end).start,
                ends_at__gt=TradeDay(span.first).start,
            )
            .order_by("starts_at"),
        },
    )


def _standing(month: date, resource_id: int, ra_type: str) -> services.MonthStanding | None:
    """Return how a resource's month is measured, where any of its days is missing or outdated."""
    found = services.standing_of_month(month, site_now())
    mine = (s for s in found if (s.resource_id, s.ra_type) == (resource_id, ra_type))
    return next((s for s in mine if s.to_measure), None)


def _cell(row: AvailabilityHour | None, day: date, hour: int) -> dict[str, Any]:
    said = "not assessed"
    if row is not None:
        said = (
            f"{plain(row.curtailed_mw)} of {plain(row.obligation_mw)} MW curtailed, "
            f"{plain(row.exempt_mw)} exempt, {plain(row.substituted_mw)} substituted"
        )
    return {"tone": tone(row), "said": f"{day} HE{hour}: {said}", "row": row}


def _outages(span: Span, resource_id: int) -> list[dict[str, Any]]:
    natures = natures_on(span.first, FAR_MOMENT)
    rows = []
    for r in outage_frame(span, FAR_MOMENT, {resource_id}).iter_rows(named=True):
        about = natures.get((r["nature"], r["outage_type"]))
        rows.append(
            r | {"mw": Decimal(r["mw"]).scaleb(-4), "exempt": bool(about and about.raaim_exempt)}
        )
    return rows[:200]

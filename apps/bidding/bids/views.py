"""Pages of a resource's bids after insertion, and of use limits."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from apps.bidding.bids import selectors
from apps.bidding.bids.codes import BID_READERS, BIDDERS, INSTRUCTORS, MARKET_TITLES, Market
from apps.bidding.bids.models import BidHour, BidRow
from apps.platform.core.quantity import plain
from apps.platform.ui.requests import admit, day_of, note_reading
from apps.platform.ui.step_curve import CurveStep, step_curve


def shades(rows: list[BidRow]) -> Any:
    """Return the picture of an hour's energy: the SC's part and the ISO's in different shades."""
    steps = [
        CurveStep(
            float(r.from_mw),
            float(r.to_mw),
            [(r.source, float(r.price))],
            r.source.lower(),
            f"{'SC' if r.source == 'SC' else 'inserted by the ISO'}: {plain(r.from_mw)} to "
            f"{plain(r.to_mw)} MW at {plain(r.price)} $/MWh",
        )
        for r in rows
        if r.product == "ENERGY" and r.from_mw is not None and r.to_mw is not None
    ]
    return step_curve(steps)


@login_required
def bid_day(request: HttpRequest, market: str, day: str, resource_id: int) -> HttpResponse:
    """Show a resource's bids of a trade date, hour by hour, with what was inserted and why."""
    viewer = admit(request, BID_READERS)
    wanted = day_of(day)
    if market not in {m.value for m in Market}:
        raise Http404("The markets are DA and RT.")
    at = {"trade_date": wanted, "resource_id": resource_id, "market": market}
    hours = list(selectors.bid_hours(viewer=viewer).filter(**at).order_by("hour_ending"))
    if not hours:
        raise Http404("There is no insertion of this resource and day, or it is not yours.")
    note_reading(request, f"bids of {hours[0].unit} {day}", None)
    rows = list(selectors.bid_rows(viewer=viewer).filter(**at).order_by("hour_ending", "line_no"))
    by_hour = {h: list(r) for h, r in groupby(rows, key=lambda r: r.hour_ending)}
    asked = request.GET.get("hour", "")
    chosen = next((h for h in hours if str(h.hour_ending) == asked), hours[0])
    return render(
        request,
        "bids/day.html",
        {
            "hours": hours,
            "chosen": chosen,
            "market": MARKET_TITLES[Market(market)],
            "code": market,
            "name": chosen.unit or f"resource {resource_id}",
            "day": wanted,
            "curves": _curves(by_hour.get(chosen.hour_ending, [])),
            "others": [r for r in by_hour.get(chosen.hour_ending, []) if r.product != "ENERGY"],
            "runs": _alike(hours),
            "may_bid": viewer.may(BIDDERS),
        },
    )


def _curves(rows: list[BidRow]) -> list[dict[str, Any]]:
    energy = sorted((r for r in rows if r.product == "ENERGY"), key=lambda r: r.config)
    return [
        {"config": config, "picture": shades(steps), "steps": steps}
        for config, steps in ((c, list(r)) for c, r in groupby(energy, key=lambda r: r.config))
    ]


def _alike(hours: list[BidHour]) -> list[dict[str, Any]]:
    """Return hours of the same figures and reason together, so that a day reads at a glance."""
    found: list[dict[str, Any]] = []
    for hour in hours:
        said = (hour.obligation_mw, hour.offered_mw, hour.inserted, hour.reason)
        if found and found[-1]["said"] == said:
            found[-1]["last"] = hour
        else:
            found.append({"said": said, "first": hour, "last": hour})
    return found


@login_required
def use_limits(request: HttpRequest) -> HttpResponse:
    """Show how much of each use limit is used."""
    viewer = admit(request, BID_READERS)
    return render(
        request,
        "bids/limits.html",
        {"meters": selectors.meters(viewer=viewer), "may_instruct": viewer.may(INSTRUCTORS)},
    )

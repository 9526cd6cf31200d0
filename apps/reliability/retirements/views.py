"""The daily briefing and the feeds of the public list, open to everybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.views.decorators.http import condition

from apps.platform.accounts.selectors import viewer_of
from apps.platform.clock.selectors import site_now
from apps.platform.core.days import NoSuchDay, read_day
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import PACIFIC, TradeDay, is_plausible
from apps.reliability.retirements import selectors, services
from apps.reliability.retirements.codes import DECISIONS, Decision
from apps.reliability.retirements.models import PublicListEntry

ITEMS = 100
FEEDS: dict[str, type[SyndicationFeed]] = {"atom": Atom1Feed, "rss": Rss201rev2Feed}
MEDIA = {"atom": Atom1Feed.content_type, "rss": Rss201rev2Feed.content_type}


def _day(request: HttpRequest) -> tuple[date, datetime]:
    """Return the day asked for, today without one, and the moment its briefing tells of."""
    now = site_now()
    today = now.astimezone(PACIFIC).date()
    try:
        day = read_day(request.GET.get("day", "") or today.isoformat())
    except NoSuchDay as trouble:
        raise Http404(str(trouble)) from None
    if not is_plausible(day):
        raise Http404(f"There is no briefing of {day}.")
    return day, min(now, TradeDay(day).end)


def daily_briefing(request: HttpRequest) -> HttpResponse:
    """Show the briefing of a day."""
    day, known_at = _day(request)
    found = selectors.briefing(day=day, known_at=known_at)
    total = sum((r.capacity_mw for r in found["rows"]), start=MW.from_scaled(0))
    return render(request, "retirements/briefing.html", {**found, "total": total})


def daily_briefing_pdf(request: HttpRequest) -> HttpResponse:
    """Send the briefing of a day as a PDF."""
    day, known_at = _day(request)
    response = HttpResponse(
        services.briefing_pdf(day=day, known_at=known_at), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="daily-briefing-{day}.pdf"'
    return response


def _newest(request: HttpRequest, form: str) -> str:
    """Return what a feed is known by while nothing changed, so that readers fetch it once."""
    newest = selectors.entries(viewer=viewer_of(request.user)).order_by("-pk").first()
    return f'"{form}-{newest.pk if newest else 0}"'


@condition(etag_func=_newest)
def feed(request: HttpRequest, form: str) -> HttpResponse:
    """Send the newest changes of the public list as Atom or RSS."""
    rows = selectors.entries(viewer=viewer_of(request.user)).order_by("-at", "-id")[:ITEMS]
    made = FEEDS[form](
        title="Retiring and mothballing resources",
        link=request.build_absolute_uri(reverse("retirement-list")),
        description="Each change of the public list",
        language="en",
        feed_url=request.build_absolute_uri(request.path),
        author_name="Independent System Operator",
    )
    for row in rows:
        made.add_item(**_item(row, request))
    response = HttpResponse(content_type=MEDIA[form])
    made.write(response, "utf-8")
    return response


def _item(row: PublicListEntry, request: HttpRequest) -> dict[str, Any]:
    name = row.resource_name or row.resource_code
    return {
        "title": f"{name}: {row.change}",
        "link": request.build_absolute_uri(
            reverse("retirement-list", query={"resource_code": row.resource_code})
        ),
        "description": f"{row.resource_code}, {MW.text(row.capacity_mw)} MW, {row.owner}: "
        f"{row.state_before} to {row.state_requested}, notice {row.notice_date}, requested for "
        f"{row.requested_date}; {row.state.lower()}, {DECISIONS[Decision(row.decision)]}.",
        "unique_id": f"tag:rmrcpm,2019:retirement/{row.notice_id}/{row.version}",
        "pubdate": row.at,
        "updateddate": row.at,
    }

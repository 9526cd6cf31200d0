"""What the walks over pages share."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse

from apps.platform.ui import views
from apps.site.home import views as site_views
from tests.plugins.sampling import in_turn, place

REFUSALS = ("403.html", "404.html")
# a branch that changes what is drawn has every refusal drawn
FRAME = ("templates/platform/", "apps/site/home/", "apps/platform/ui/")
PARTS = 8


@pytest.fixture
def undrawn(monkeypatch):
    """Have the page of a list end with its rows, which the answer holds as ``table``.

    Everything but the drawing is as ever: who may, filters, order, totals and the rows asked for.
    """

    drawn = views.render

    def rows_only(request, template, context):
        if "table" not in context:
            return drawn(request, template, context)
        answer = HttpResponse(template)
        answer.table = context["table"]
        answer.rows = list(answer.table.page.object_list.data)
        return answer

    monkeypatch.setattr(views, "render", rows_only)


@pytest.fixture
def undrawn_refusals(monkeypatch):
    """Have most pages that refuse end with what they say, without the frame that all pages share.

    The addresses whose refusals are drawn whole take turns: each in eight days. Addresses that
    differ in numbers only go together, so that the same thing is drawn of both.
    """
    drawn, on = site_views.render, in_turn(range(PARTS), days=PARTS, of=FRAME)

    def said(request, template, context=None, **how):
        part = int(place(re.sub(r"\d+", "", request.path))[:8], 16) % PARTS
        if template not in REFUSALS or part in on:
            return drawn(request, template, context, **how)
        return HttpResponse(f"{template}: {context}", **how)

    monkeypatch.setattr(site_views, "render", said)

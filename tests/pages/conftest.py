"""What the walks over pages share."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse

from apps.platform.ui import refusals, views
from tests.plugins.sampling import in_turn, place

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
    drawn, on = refusals.render_to_string, in_turn(range(PARTS), days=PARTS, of=FRAME)

    def said(template, told, request=None):
        if request is None or int(place(re.sub(r"\d+", "", request.path))[:8], 16) % PARTS in on:
            return drawn(template, told, request)
        return f"{template}: {told}"

    monkeypatch.setattr(refusals, "render_to_string", said)

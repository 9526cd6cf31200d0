"""What the walks over pages share."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from apps.platform.ui import views


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

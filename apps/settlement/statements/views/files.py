"""A statement as a file, and the schema of its XML form."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.ui.requests import admit, note_reading
from apps.platform.ui.responses import download
from apps.settlement.statements import selectors, services


@login_required
def statement_file(request: HttpRequest, statement_id: int, form: str) -> HttpResponseBase:
    """Send a statement as JSON, CSV, XML or PDF."""
    viewer = admit(request, SIGNED_IN)
    statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
    note_reading(request, f"{form} of statement {statement}", statement.sc_id)
    try:
        return download(*services.file_of(statement, form))
    except LookupError as trouble:
        raise Http404(str(trouble)) from None


def schema(request: HttpRequest) -> HttpResponse:
    """Send the schema of statements in XML."""
    return render(request, "schemas/statement-1.xsd", content_type="application/xml")

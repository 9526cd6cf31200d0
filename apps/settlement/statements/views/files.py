"""A statement as a file, and the schema of its XML form."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.platform.accounts.terms import SIGNED_IN
from apps.platform.ui.requests import admit, note_reading
from apps.settlement.statements import selectors, services
from apps.settlement.statements.models import Statement

WHOLE = {
    "pdf": ("application/pdf", services.pdf_of),
    "zip": ("application/zip", services.kit_of),
}


def name_of(statement: Statement, form: str) -> str:
    """Return the file name of a statement in a form."""
    run = f"_{statement.run.run_type}" if statement.run.run_type else ""
    stem = f"statement_{statement.sc.code}_{statement.trade_date}{run}_v{statement.version}"
    return "".join(c if c.isalnum() or c in "-_+" else "_" for c in stem) + f".{form}"


def file_of(statement: Statement, form: str) -> HttpResponseBase:
    """Return a response that carries a statement in a form; raises Http404 for another form."""
    response: HttpResponseBase
    if form in WHOLE:
        media, make = WHOLE[form]
        response = HttpResponse(make(statement), content_type=media)
    else:
        try:
            media, pieces = services.written(statement, form)
        except KeyError:
            raise Http404(f"A statement is not written as {form[:10]}.") from None
        response = StreamingHttpResponse((p.encode() for p in pieces), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name_of(statement, form)}"'
    return response


@login_required
@require_safe
def statement_file(request: HttpRequest, statement_id: int, form: str) -> HttpResponseBase:
    """Send a statement as JSON, CSV, XML or PDF."""
    viewer = admit(request, SIGNED_IN)
    statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
    note_reading(request, f"{form} of statement {statement}", statement.sc_id)
    return file_of(statement, form)


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Send the schema of statements in XML."""
    return render(request, "schemas/statement-1.xsd", content_type="application/xml")

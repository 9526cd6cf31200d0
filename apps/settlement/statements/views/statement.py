"""Pages of statements: one, the difference between versions, one line explained."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.clock.selectors import site_now
from apps.platform.runs.selectors import input_changes, stale_cause
from apps.platform.ui.requests import admit, note_reading, page_size
from apps.platform.ui.workflow import openings_about
from apps.reference.resources.selectors import resources_with_a_page
from apps.settlement.settlements.selectors import held_of_sc, published_over
from apps.settlement.settlements.services import Unexplained
from apps.settlement.statements import selectors, services
from apps.settlement.statements.hooks import offers


@login_required
def statement_detail(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Show a statement with its lines and totals."""
    viewer = admit(request, SIGNED_IN)
    statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
    note_reading(request, f"statement {statement}", statement.sc_id)
    changed = request.GET.get("changed") == "1" and statement.previous is not None
    rows = selectors.lines_of(statement, changed_only=changed)
    page = Paginator(rows, page_size(request)).get_page(request.GET.get("page"))
    by_code = selectors.sums_by_charge(statement)
    receipt = selectors.receipts(viewer=viewer).filter(statement=statement).first()
    offered = offers(viewer, statement, site_now())
    newest = selectors.versions_of(statement).first()
    return render(
        request,
        "statements/detail.html",
        {
            "statement": statement,
            "lines": page,
            "links": {
                line.line_no: [(o.label, o.address(line.line_no)) for o in offered if o.address]
                for line in page
            },
            "linked": resources_with_a_page(
                viewer=viewer, among={line.resource_id for line in page if line.resource_id}
            ),
            "by_code": by_code,
            "held": [(statement, h) for h in held_of_sc(run=statement.run, sc_id=statement.sc_id)],
            "over": published_over(statement.run, in_full=viewer.is_iso),
            "versions": selectors.versions_of(statement),
            "newer": newest if newest and newest.version > statement.version else None,
            "changed": changed,
            "stale": stale_cause(statement.run) if viewer.is_iso else "",
            "receipt": receipt,
            "offers": offered,
            "openings": openings_about(viewer, trade_date=str(statement.trade_date)),
            "receipt_moves": [
                (m.action, m.label)
                for m in (
                    receipt.STATES.open_to(state=receipt.state, roles=viewer.roles)
                    if receipt
                    else ()
                )
            ],
        },
    )


@login_required
def statement_difference(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Show what changed since the previous version, and the inputs that caused it."""
    viewer = admit(request, SIGNED_IN)
    statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
    note_reading(request, f"difference of statement {statement}", statement.sc_id)
    if statement.previous is None:
        raise Http404("The first version has nothing to differ from.")
    rows = selectors.lines_of(statement, changed_only=True)
    return render(
        request,
        "statements/difference.html",
        {
            "statement": statement,
            "previous": statement.previous,
            "lines": [(row, row.amount - (row.previous_amount or 0)) for row in rows],
            "unchanged": statement.line_count - rows.count(),
            "causes": input_changes(statement.run, statement.previous.run),
            "w": services.why(old=statement.previous.run, new=statement.run, sc_id=statement.sc_id),
        },
    )


@login_required
def statement_line(request: HttpRequest, statement_id: int, line_no: int) -> HttpResponse:
    """Explain a line of a statement."""
    viewer = admit(request, SIGNED_IN)
    line = get_object_or_404(
        selectors.statement_lines(viewer=viewer).select_related("statement__sc", "run"),
        statement_id=statement_id,
        line_no=line_no,
    )
    note_reading(request, f"line {line_no} of statement {line.statement}", line.statement.sc_id)
    try:
        found = services.explain(line=line, viewer=viewer)
    except Unexplained as trouble:
        return render(
            request, "statements/line_ended.html", {"line": line, "trouble": str(trouble)}
        )
    return render(
        request,
        "settlements/explain.html",
        {
            "e": found,
            "run": line.run,
            "statement": line.statement,
            "line": line,
            "offers": [
                (o.label, o.sentence, o.address(line_no) if o.address else "")
                for o in offers(viewer, line.statement, site_now())
            ],
            "synthetic_run": line.statement.is_synthetic,
        },
    )

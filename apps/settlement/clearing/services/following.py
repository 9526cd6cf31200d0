"""Where requests and late corrections end: statement lines, invoices, increments."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from apps.platform.accounts.rules import Viewer
from apps.platform.core.rulebook import implements
from apps.platform.runs.models import CurrentRun
from apps.settlement.clearing.models import InvoiceStatement
from apps.settlement.cost_recovery.hooks import Settled
from apps.settlement.settlements.codes import DAILY
from apps.settlement.statements.selectors import statement_lines, statements


@implements("BRQ-1275", source="settlement rule book 10.3")
def settled_where(request: Any, viewer: Viewer) -> list[Settled]:
    """Return the statement line of each trade date of a request, with the invoice that bills it."""
    found = []
    lines = statement_lines(viewer=viewer).filter(
        charge_code="RMR-COSTREC", contract_no=str(request), resource_id=request.resource_id
    )
    current = set(CurrentRun.objects.filter(kind=DAILY).values_list("run_id", flat=True))
    for line in lines.select_related("statement__run", "run").order_by("trade_date", "run_id"):
        statement = line.statement
        billing = InvoiceStatement.objects.filter(statement=statement).select_related("invoice")
        bill = billing.first()
        found.append(
            Settled(
                line.trade_date,
                f"{statement.run.run_type or 'run'} version {statement.version}",
                "in force" if statement.run_id in current else "superseded",
                line.amount,
                f"line {line.line_no} of the statement",
                reverse("statement-line", args=[statement.pk, line.line_no]),
                f"{bill.invoice.number}, due {bill.invoice.due}" if bill else "not invoiced yet",
                reverse("invoice", args=[bill.invoice_id]) if bill else "",
            )
        )
    return found


@implements("BRQ-1320", source="settlement rule book 9.4")
def late_thread(correction: Any, viewer: Viewer) -> list[tuple[str, dict[str, Any]]]:
    """Return the increments of a late correction's optional runs, by SC, with their invoices."""
    rows = (
        statements(viewer=viewer)
        .filter(
            trade_date__in=correction.late,
            run__opened_at__gte=correction.opened_at,
            run__run_type="OPTIONAL",
        )
        .exclude(change=0)
    )
    kept = list(rows.order_by("trade_date", "sc__code"))
    bills = {
        b.statement_id: b.invoice
        for b in InvoiceStatement.objects.filter(statement__in=kept).select_related("invoice")
    }
    return [
        (
            "clearing/late_thread.html",
            {
                "rows": [{"statement": s, "invoice": bills.get(s.pk)} for s in kept],
                "total": sum((s.change or 0) for s in kept),
            },
        )
    ]

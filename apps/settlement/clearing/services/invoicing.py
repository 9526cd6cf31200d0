"""Invoices: the increments of a publication window, or of an optional run alone."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse

from apps.platform.accounts.codes import SC_ROLES
from apps.platform.accounts.models import User
from apps.platform.accounts.rules import THE_ISO
from apps.platform.accounts.selectors import system_user
from apps.platform.audit.services import log_event
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.quantity import USD, dollars
from apps.platform.core.rulebook import implements
from apps.platform.core.spreadsheet_text import guarded_row
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.violations import ValidationFailed
from apps.platform.core.words import counted
from apps.platform.notifications.services import people_of, tell
from apps.platform.parameters.selectors import value_on
from apps.platform.runs.models import Run
from apps.platform.ui.pdf import pdf
from apps.settlement.clearing.codes import Account
from apps.settlement.clearing.models import Invoice, InvoiceLine, InvoiceStatement
from apps.settlement.clearing.selectors import uninvoiced
from apps.settlement.clearing.services.ledger import Happening, Side, lock_ledger, post
from apps.settlement.settlements.codes import OPTIONAL
from apps.settlement.settlements.rules.holds import HeldLine
from apps.settlement.settlements.selectors import titles
from apps.settlement.statements.rules import PAYMENT_DAYS, invoice_alone
from apps.settlement.statements.selectors import increments_by_code
from apps.settlement.statements.services import Billed, billed, held_lines_of, increment

ZERO = Decimal("0.00")


@implements("BRQ-1201", "BRQ-1202", source="settlement rule book 11.3")
@transaction.atomic
def issue_invoices(*, actor: User, at: datetime, run: Run | None = None) -> list[Invoice]:
    """Issue every invoice whose day has come; return them. Asking twice issues nothing twice.

    A weekly invoice waits for its Wednesday; one of an optional run is issued when it is published.
    run: look at its statements alone. Raises ValidationFailed where the days to pay have no value.
    """
    lock_ledger()
    today = at.astimezone(PACIFIC).date()
    try:
        waiting = uninvoiced(viewer=THE_ISO, on=today, run=run)
    except ParameterMissing as trouble:
        raise ValidationFailed.because("CLR-PARAMETER", str(trouble)) from None
    by_sc: dict[int, list[Any]] = {}
    for statement in waiting:
        by_sc.setdefault(statement.sc_id, []).append(statement)
    made = [
        _issue(bill, actor, at)
        for _, statements in sorted(by_sc.items())
        for bill in reversed(billed(statements))
        if bill.week.day <= today
    ]
    if made:
        log_event(
            action="clearing.invoices.issued",
            actor=actor,
            at=at,
            sentence=f"{len(made)} invoices issued, {dollars(sum((i.net for i in made), ZERO))} in "
            "sum",
        )
    return made


def invoice_optional(run: Run, earlier: Any, at: datetime) -> None:
    """Invoice an optional run when it is published."""
    if run.run_type == OPTIONAL:
        issue_invoices(actor=run.published_by or system_user(), at=at, run=run)


def number_of(sc: str, day: date, run_id: int | None) -> str:
    """Return the number of an invoice: day and SC, and the run where it bills one alone."""
    return f"{day:%Y%m%d}-{sc}" + (f"-R{run_id}" if run_id else "")


def _issue(bill: Billed, actor: User, at: datetime) -> Invoice:
    first = bill.statements[0]
    run_id = first.run_id if bill.optional else None
    lines = increments_by_code([s.pk for s in bill.statements])
    charges = sum((x["charges"] for x in lines), ZERO)
    payments = sum((x["payments"] for x in lines), ZERO)
    number = number_of(first.sc.code, bill.week.day, run_id)
    today = at.astimezone(PACIFIC).date()
    alone = invoice_alone(today, int(value_on(PAYMENT_DAYS, today)))
    again = Invoice.objects.filter(number__startswith=number).count()
    invoice = Invoice.objects.create(
        number=f"{number}-{again + 1}" if again else number,
        sc=first.sc,
        run_id=run_id,
        day=bill.week.day,
        first_date=bill.week.first,
        last_date=bill.week.last,
        due=max(bill.week.due, alone.due),  # an invoice that comes late has its days to pay too
        charges=charges,
        payments=payments,
        net=charges + payments,
        issued_at=at,
        issued_by=actor,
        is_synthetic=any(s.is_synthetic for s in bill.statements),
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            charge_code=x["charge_code"],
            charges=x["charges"],
            payments=x["payments"],
            net=x["charges"] + x["payments"],
        )
        for x in lines
    )
    InvoiceStatement.objects.bulk_create(
        InvoiceStatement(invoice=invoice, statement=s, amount=increment(s)) for s in bill.statements
    )
    if invoice.net != bill.amount:
        raise AssertionError(f"{invoice}: lines and statements do not agree")
    post(
        Happening(
            "INVOICE",
            f"Invoice {invoice}",
            actor,
            at,
            payment_date=invoice.due,
            address=reverse("invoice", args=[invoice.pk]),
        ),
        [
            Side(Account.SC, invoice.net, invoice.sc_id, invoice.pk),
            Side(Account.MARKET, -invoice.net),
        ],
    )
    tell(
        people_of(invoice.sc_id, SC_ROLES),
        topic="invoice",
        at=at,
        address=reverse("invoice", args=[invoice.pk]),
        title=f"Invoice {invoice}: {dollars(invoice.net)}",
        body=f"Payment date {invoice.due}. Above zero is to be paid by you.",
    )
    return invoice


def held_on(invoice: Invoice) -> list[tuple[Any, HeldLine]]:
    """Return the held lines of the statements an invoice bills; its sums are without them."""
    rows = invoice.billed.select_related("statement__run").order_by(
        "statement__trade_date", "statement__version"
    )
    return held_lines_of(b.statement for b in rows)


def pdf_of(invoice: Invoice) -> bytes:
    """Return an invoice as a tagged PDF: sums by charge code, then its statements."""
    names, held = titles(), held_on(invoice)
    without = f"Total, without {counted(len(held), 'held line')}" if held else "Total"
    made = "INVENTED DATA. " if invoice.is_synthetic else ""
    alone = "of an optional run alone" if invoice.optional else "of a publication window"
    lines = [
        [
            f"{x.charge_code} {names.get(x.charge_code, '')}".strip(),
            USD.text(x.charges),
            USD.text(x.payments),
            USD.text(x.net),
        ]
        for x in invoice.lines.all()
    ]
    rows = invoice.billed.select_related("statement__run").order_by(
        "statement__trade_date", "statement__version"
    )
    return pdf(
        "invoice",
        {
            "title": f"Invoice {invoice.number}",
            "below": f"{made}{invoice.sc.code} {invoice.sc.name}, market invoice {alone}, dated "
            f"{invoice.day}. Statements published {invoice.first_date} to {invoice.last_date}. "
            f"Payment date {invoice.due}. Positive amounts are to be paid by the SC.",
            "headings": ["Charge", "Charges ($)", "Payments ($)", "Net ($)"],
            "lines": [
                *lines,
                [
                    without,
                    USD.text(invoice.charges),
                    USD.text(invoice.payments),
                    USD.text(invoice.net),
                ],
            ],
            "statement_headings": ["Trade date", "Run", "Version", "Billed ($)"],
            "statements": [
                [
                    str(b.statement.trade_date),
                    b.statement.run.run_type,
                    f"v{b.statement.version}",
                    USD.text(b.amount),
                ]
                for b in rows
            ],
            "held_headings": ["Trade date", "Held", "Charges without an amount", "Because, until"],
            "held": [
                [
                    f"{s.trade_date} v{s.version}",
                    h.resource or "Shares",
                    " ".join(h.charges),
                    f"{h.sentence} Until {h.until}.",
                ]
                for s, h in held
            ],
        },
    )


INVOICE_HEADINGS = (
    "invoice",
    "sc",
    "invoice_date",
    "payment_date",
    "charge_code",
    "charges_usd",
    "payments_usd",
    "net_usd",
    "held_lines",
)


def csv_rows(invoice: Invoice) -> list[list[str]]:
    """Return an invoice as rows for a CSV file: one a charge code, with its heading.

    The last column says how many held lines the sums are without.
    """
    held = str(len(held_on(invoice)))
    head = [invoice.number, invoice.sc.code, str(invoice.day), str(invoice.due)]
    return [
        list(INVOICE_HEADINGS),
        *(
            [*head, x.charge_code, str(x.charges), str(x.payments), str(x.net), held]
            for x in invoice.lines.all()
        ),
    ]


def file_of(invoice: Invoice, form: str) -> tuple[str, str, bytes]:
    """Return the file name, media type and bytes of an invoice as PDF or CSV.

    Raises LookupError for another form.
    """
    if form == "pdf":
        media, content = "application/pdf", pdf_of(invoice)
    elif form == "csv":
        text = io.StringIO()
        csv.writer(text).writerows(guarded_row(row) for row in csv_rows(invoice))
        media, content = "text/csv; charset=utf-8", text.getvalue().encode()
    else:
        raise LookupError(f"An invoice is not written as {form[:10]}.")
    return f"invoice_{invoice.number}.{form}", media, content

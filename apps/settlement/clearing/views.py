"""Pages of an invoice, an exposure and the trial balance."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.ui.requests import admit, note_reading
from apps.platform.ui.responses import download
from apps.settlement.clearing import selectors, services
from apps.settlement.clearing.codes import COMPONENTS, LEGACY_BOOK, MARKET_BOOK, READERS, Account
from apps.settlement.clearing.rules import why_at_least

MOST_STATEMENTS = 200


@login_required
def invoice(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Show an invoice: sums by charge, its statements, what the ledger knows of it."""
    viewer = admit(request, READERS)
    found = get_object_or_404(selectors.invoices(viewer=viewer), pk=invoice_id)
    note_reading(request, f"invoice {found}", found.sc_id)
    billed = found.billed.select_related("statement__run").order_by(
        "statement__trade_date", "statement__version"
    )
    postings = selectors.postings(viewer=viewer).filter(invoice=found).order_by("pk")
    still = sum((p.amount for p in postings), Decimal("0.00"))
    return render(
        request,
        "clearing/invoice.html",
        {
            "invoice": found,
            "billed": billed[:MOST_STATEMENTS],
            "held": services.held_on(found),
            "postings": postings,
            "open": still,
        },
    )


@login_required
def invoice_file(request: HttpRequest, invoice_id: int, form: str) -> HttpResponseBase:
    """Send an invoice as PDF or CSV."""
    viewer = admit(request, READERS)
    found = get_object_or_404(selectors.invoices(viewer=viewer), pk=invoice_id)
    note_reading(request, f"{form} of invoice {found}", found.sc_id)
    try:
        return download(*services.file_of(found, form))
    except LookupError as trouble:
        raise Http404(str(trouble)) from None


@login_required
def exposure(request: HttpRequest, exposure_id: int) -> HttpResponse:
    """Show a liability: its components, the numbers behind each, and what is available."""
    viewer = admit(request, READERS)
    found = get_object_or_404(selectors.exposures(viewer=viewer), pk=exposure_id)
    note_reading(request, f"exposure of {found.sc.code} as of {found.as_of}", found.sc_id)
    found.details = selectors.details_told(found, viewer=viewer)
    limit = found.unsecured + found.security
    parts = [(title, getattr(found, name.lower())) for name, title in COMPONENTS.items()]
    chart = (
        None
        if not any(value for _, value in parts)
        else {
            "kind": "waterfall",
            "unit": "$",
            "title": "What the liability is made of",
            "steps": [
                *(
                    {"name": name.replace("_", " ").lower(), "value": float(value)}
                    for name, (_, value) in zip(COMPONENTS, parts, strict=True)
                ),
                {"name": "liability", "value": float(found.eal), "total": True},
            ],
        }
    )
    return render(
        request,
        "clearing/exposure.html",
        {
            "exposure": found,
            "at_least": why_at_least(found.details),
            "parts": parts,
            "limit": limit,
            "chart": chart,
            "utilisation": found.eal / limit if limit else None,
        },
    )


@login_required
def trial_balance(request: HttpRequest) -> HttpResponse:
    """Show the balance of each account of both books; each book adds up to zero."""
    admit(request, ISO_ROLES)
    books = [
        (name, rows, sum((r["balance"] for r in rows), Decimal("0.00")))
        for name, rows in (
            ("Market", selectors.balances(MARKET_BOOK)),
            ("Legacy RMR", selectors.balances(LEGACY_BOOK)),
        )
    ]
    return render(
        request,
        "clearing/trial_balance.html",
        {
            "books": books,
            "scs": selectors.named_parts(Account.SC),
            "waiting": selectors.named_parts(Account.SHORTFALL),
        },
    )

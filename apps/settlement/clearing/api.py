"""The API of clearing: an invoice, its files, an exposure with its numbers, the balances."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.terms import ISO_ROLES
from apps.platform.ui.api import api_viewer, plain
from apps.platform.ui.views import note_reading
from apps.settlement.clearing import selectors
from apps.settlement.clearing.models import Exposure, Invoice
from apps.settlement.clearing.terms import COMPONENTS, LEGACY_BOOK, MARKET_BOOK, READERS
from apps.settlement.clearing.views import file_of


def invoice_json(invoice: Invoice) -> dict[str, Any]:
    """Return an invoice as JSON values, with its lines and statements."""
    return {
        "id": invoice.pk,
        "number": invoice.number,
        "sc": invoice.sc.code,
        "optional": invoice.optional,
        "invoice_date": invoice.day.isoformat(),
        "published_from": invoice.first_date.isoformat(),
        "published_to": invoice.last_date.isoformat(),
        "payment_date": invoice.due.isoformat(),
        "charges_usd": plain(invoice.charges),
        "payments_usd": plain(invoice.payments),
        "net_usd": plain(invoice.net),
        "synthetic": invoice.is_synthetic,
        "lines": [
            {
                "charge_code": x.charge_code,
                "charges_usd": plain(x.charges),
                "payments_usd": plain(x.payments),
                "net_usd": plain(x.net),
            }
            for x in invoice.lines.all()
        ],
        "statements": [
            {
                "statement": b.statement_id,
                "trade_date": b.statement.trade_date.isoformat(),
                "version": b.statement.version,
                "billed_usd": plain(b.amount),
            }
            for b in invoice.billed.select_related("statement").order_by("statement_id")
        ],
    }


def exposure_json(exposure: Exposure) -> dict[str, Any]:
    """Return a measured liability as JSON values with the numbers behind it."""
    return {
        "id": exposure.pk,
        "sc": exposure.sc.code,
        "as_of": exposure.as_of.isoformat(),
        "eal_usd": plain(exposure.eal),
        "unsecured_usd": plain(exposure.unsecured),
        "security_usd": plain(exposure.security),
        "available_usd": plain(exposure.available),
        "collateral_required_usd": plain(exposure.required),
        "components": {n: plain(getattr(exposure, n.lower())) for n in COMPONENTS},
        "details": exposure.details,
    }


def balance_json() -> dict[str, Any]:
    """Return the balances of both books as JSON values."""
    return {
        book: [
            {"account": r["account"], "title": r["title"], "balance_usd": plain(r["balance"])}
            for r in selectors.balances(book)
        ]
        for book in (MARKET_BOOK, LEGACY_BOOK)
    }


class InvoiceApi(APIView):
    """One invoice."""

    @extend_schema(
        operation_id="invoice_show", tags=["settlement"], responses={200: OpenApiTypes.OBJECT}
    )
    def get(self, request: Request, invoice_id: int) -> Response:
        viewer = api_viewer(request, READERS)
        found = get_object_or_404(selectors.invoices(viewer=viewer), pk=invoice_id)
        note_reading(request, f"api invoice {found}", found.sc_id)
        return Response(invoice_json(found))


class InvoiceFileApi(APIView):
    """An invoice as a file."""

    @extend_schema(
        operation_id="invoice_file",
        tags=["settlement"],
        description="form: pdf or csv.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, invoice_id: int, form: str) -> HttpResponseBase:
        viewer = api_viewer(request, READERS)
        found = get_object_or_404(selectors.invoices(viewer=viewer), pk=invoice_id)
        note_reading(request, f"api {form} of invoice {found}", found.sc_id)
        return file_of(found, form)


class ExposureApi(APIView):
    """One measured liability."""

    @extend_schema(
        operation_id="exposure_show", tags=["settlement"], responses={200: OpenApiTypes.OBJECT}
    )
    def get(self, request: Request, exposure_id: int) -> Response:
        viewer = api_viewer(request, READERS)
        found = get_object_or_404(selectors.exposures(viewer=viewer), pk=exposure_id)
        note_reading(request, f"api exposure {found.pk}", found.sc_id)
        return Response(exposure_json(found))


class BalanceApi(APIView):
    """The balance of every account."""

    @extend_schema(
        operation_id="trial_balance", tags=["settlement"], responses={200: OpenApiTypes.OBJECT}
    )
    def get(self, request: Request) -> Response:
        api_viewer(request, ISO_ROLES)
        return Response(balance_json())

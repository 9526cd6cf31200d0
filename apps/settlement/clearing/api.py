"""The API of clearing: an invoice, its files, an exposure with its numbers, the balances."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.ui.api import api_viewer
from apps.platform.ui.requests import note_reading
from apps.platform.ui.responses import download
from apps.settlement.clearing import selectors, services
from apps.settlement.clearing.codes import READERS
from apps.settlement.clearing.serializers import (
    ExposureShowSerializer,
    InvoiceShowSerializer,
    TrialBalanceSerializer,
)


class InvoiceApi(APIView):
    """One invoice."""

    @extend_schema(
        operation_id="invoice_show", tags=["settlement"], responses={200: InvoiceShowSerializer}
    )
    def get(self, request: Request, invoice_id: int) -> Response:
        viewer = api_viewer(request, READERS)
        found = get_object_or_404(selectors.invoices(viewer=viewer), pk=invoice_id)
        note_reading(request, f"api invoice {found}", found.sc_id)
        return Response(InvoiceShowSerializer(found).data)


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
        try:
            return download(*services.file_of(found, form))
        except LookupError as trouble:
            raise Http404(str(trouble)) from None


class ExposureApi(APIView):
    """One measured liability."""

    @extend_schema(
        operation_id="exposure_show", tags=["settlement"], responses={200: ExposureShowSerializer}
    )
    def get(self, request: Request, exposure_id: int) -> Response:
        viewer = api_viewer(request, READERS)
        found = get_object_or_404(selectors.exposures(viewer=viewer), pk=exposure_id)
        note_reading(request, f"api exposure {found.pk}", found.sc_id)
        found.details = selectors.details_told(found, viewer=viewer)
        return Response(ExposureShowSerializer(found).data)


class BalanceApi(APIView):
    """The balance of every account."""

    @extend_schema(
        operation_id="trial_balance", tags=["settlement"], responses={200: TrialBalanceSerializer}
    )
    def get(self, request: Request) -> Response:
        api_viewer(request, ISO_ROLES)
        return Response(TrialBalanceSerializer(selectors.trial_balance()).data)

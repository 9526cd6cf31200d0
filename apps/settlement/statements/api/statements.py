"""The API of statements: one with its lines, the difference, one line explained."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.accounts.models import Party
from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import is_plausible
from apps.platform.core.violations import ValidationFailed
from apps.platform.ui.api import api_viewer, refuse, violations_response
from apps.platform.ui.requests import note_reading
from apps.platform.ui.responses import download
from apps.settlement.settlements.services import Unexplained
from apps.settlement.statements import selectors, services
from apps.settlement.statements.serializers import (
    InvoiceWeekSerializer,
    LineExplainSerializer,
    StatementDifferenceSerializer,
    StatementMonthSerializer,
    StatementShowSerializer,
)


class StatementApi(APIView):
    """One statement with its lines."""

    @extend_schema(
        operation_id="statement_show", tags=["settlement"], responses={200: StatementShowSerializer}
    )
    def get(self, request: Request, statement_id: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
        note_reading(request, f"api statement {statement}", statement.sc_id)
        return Response(StatementShowSerializer(statement).data)


class StatementFileApi(APIView):
    """A statement as JSON, CSV, XML or PDF."""

    @extend_schema(
        operation_id="statement_file",
        tags=["settlement"],
        description="form: json, csv, xml (schema at /schemas/statement-1.xsd), pdf, or zip: the "
        "replay kit.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, statement_id: int, form: str) -> HttpResponseBase:
        viewer = api_viewer(request, SIGNED_IN)
        statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
        note_reading(request, f"api {form} of statement {statement}", statement.sc_id)
        try:
            return download(*services.file_of(statement, form))
        except LookupError as trouble:
            raise Http404(str(trouble)) from None


def _party(request: Request, viewer: Viewer, code: str) -> Party:
    sc: Party = get_object_or_404(selectors.recipients(viewer=viewer), code=code)
    note_reading(request, f"api statements of {sc.code} over time", sc.pk)
    return sc


class MonthApi(APIView):
    """An SC's month of trade dates."""

    @extend_schema(
        operation_id="statement_month",
        tags=["settlement"],
        responses={200: StatementMonthSerializer},
        description="month: YYYY-MM.",
    )
    def get(self, request: Request, sc: str, month: str) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        party = _party(request, viewer, sc)
        try:
            day = date.fromisoformat(f"{month}-01")
        except ValueError:
            day = date.min
        if not is_plausible(day):
            return refuse("STM-MONTH", "A month is written YYYY-MM.")
        return Response(StatementMonthSerializer(services.month_of(party, day)).data)


class InvoicesApi(APIView):
    """What each weekly invoice bills an SC."""

    @extend_schema(
        operation_id="invoice_weeks",
        tags=["settlement"],
        responses={200: InvoiceWeekSerializer(many=True)},
    )
    def get(self, request: Request, sc: str) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        try:
            party = _party(request, viewer, sc)
            found = services.billed(selectors.statements(viewer=viewer).filter(sc=party))
        except ValidationFailed as trouble:
            return violations_response(trouble.violations, 409)
        return Response(InvoiceWeekSerializer(found, many=True).data)


class DifferenceApi(APIView):
    """What changed since the previous version."""

    @extend_schema(
        operation_id="statement_difference",
        tags=["settlement"],
        responses={200: StatementDifferenceSerializer},
    )
    def get(self, request: Request, statement_id: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
        note_reading(request, f"api difference of {statement}", statement.sc_id)
        if statement.previous is None:
            return refuse("STM-FIRST", "The first version has nothing to differ from.", 404)
        return Response(StatementDifferenceSerializer(statement).data)


class ExplainApi(APIView):
    """Why a statement line is what it is."""

    @extend_schema(
        operation_id="statement_line_explain",
        tags=["settlement"],
        responses={200: LineExplainSerializer},
    )
    def get(self, request: Request, statement_id: int, line_no: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        line = get_object_or_404(
            selectors.statement_lines(viewer=viewer).select_related("statement", "run"),
            statement_id=statement_id,
            line_no=line_no,
        )
        note_reading(request, f"api line {line_no} of {line.statement}", line.statement.sc_id)
        try:
            found = services.explain(line=line, viewer=viewer)
        except Unexplained as trouble:
            return refuse("STM-ENDED", str(trouble), 404)
        return Response(LineExplainSerializer(found).data)

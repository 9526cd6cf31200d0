"""The API of statements: one with its lines, the difference, one line explained."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.models import Party
from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.terms import SIGNED_IN
from apps.platform.kernel.findings import Refusal
from apps.platform.kernel.tradetime import is_plausible
from apps.platform.runs.selectors import input_changes
from apps.platform.ui.api import api_viewer, findings_response, plain, refuse
from apps.platform.ui.views import note_reading
from apps.settlement.settlements.services import Unexplained
from apps.settlement.statements import selectors, services
from apps.settlement.statements.api.comparisons import causes_json
from apps.settlement.statements.models import Statement, StatementLine
from apps.settlement.statements.views import file_of


def month_json(sc: Party, day: date) -> dict[str, Any]:
    """Return an SC's month as JSON values."""
    found = services.month_of(sc.pk, day)
    return {
        "sc": sc.code,
        "month": f"{found.first:%Y-%m}",
        "total_usd": plain(found.total),
        "charges": [{name: plain(v) for name, v in row.items()} for row in found.by_code],
        "statements": [statement_json(s) for s in found.statements],
    }


def invoices_json(sc: Party, viewer: Viewer) -> list[dict[str, Any]]:
    """Return what each weekly invoice bills an SC as JSON values."""
    found = services.billed(selectors.statements(viewer=viewer).filter(sc=sc))
    return [
        {
            "invoice_date": b.week.day.isoformat(),
            "optional": b.optional,
            "published_from": b.week.first.isoformat(),
            "published_to": b.week.last.isoformat(),
            "due": b.week.due.isoformat(),
            "amount_usd": plain(b.amount),
            "statements": [
                {**statement_json(s), "billed_usd": plain(services.increment(s))}
                for s in b.statements
            ],
        }
        for b in found
    ]


def line_json(line: StatementLine) -> dict[str, Any]:
    """Return a statement line as JSON values."""
    return {
        "line_no": line.line_no,
        "charge_code": line.charge_code,
        "resource_id": line.resource.code if line.resource else None,
        "contract_no": line.contract_no or None,
        "tac_area": line.tac_area.code if line.tac_area else None,
        "amount_usd": plain(line.amount),
        "previous_usd": plain(line.previous_amount),
        "change_usd": plain(line.change),
    }


def statement_json(statement: Statement) -> dict[str, Any]:
    """Return the head of a statement as JSON values."""
    return {
        "id": statement.pk,
        "sc": statement.sc.code,
        "trade_date": statement.trade_date.isoformat(),
        "version": statement.version,
        "run_type": statement.run.run_type,
        "charges_usd": plain(statement.charges),
        "payments_usd": plain(statement.payments),
        "total_usd": plain(statement.total),
        "change_usd": plain(statement.change),
        "previous": statement.previous_id,
        "synthetic": statement.is_synthetic,
    }


class StatementApi(APIView):
    """One statement with its lines."""

    @extend_schema(
        operation_id="statement_show", tags=["settlement"], responses={200: OpenApiTypes.OBJECT}
    )
    def get(self, request: Request, statement_id: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
        note_reading(request, f"api statement {statement}", statement.sc_id)
        lines = [line_json(line) for line in selectors.lines_of(statement)]
        return Response({**statement_json(statement), "lines": lines})


class FileApi(APIView):
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
        return file_of(statement, form)


def _party(request: Request, viewer: Viewer, code: str) -> Party:
    sc: Party = get_object_or_404(selectors.recipients(viewer=viewer), code=code)
    note_reading(request, f"api statements of {sc.code} over time", sc.pk)
    return sc


class MonthApi(APIView):
    """An SC's month of trade dates."""

    @extend_schema(
        operation_id="statement_month",
        tags=["settlement"],
        responses={200: OpenApiTypes.OBJECT},
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
        return Response(month_json(party, day))


class InvoicesApi(APIView):
    """What each weekly invoice bills an SC."""

    @extend_schema(
        operation_id="invoice_weeks", tags=["settlement"], responses={200: OpenApiTypes.OBJECT}
    )
    def get(self, request: Request, sc: str) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        try:
            return Response(invoices_json(_party(request, viewer, sc), viewer))
        except Refusal as trouble:
            return findings_response(trouble.findings, 409)


class DifferenceApi(APIView):
    """What changed since the previous version."""

    @extend_schema(
        operation_id="statement_difference",
        tags=["settlement"],
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, statement_id: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
        note_reading(request, f"api difference of {statement}", statement.sc_id)
        if statement.previous is None:
            return refuse("STM-FIRST", "The first version has nothing to differ from.", 404)
        found = services.why(old=statement.previous.run, new=statement.run, sc_id=statement.sc_id)
        return Response(difference_json(statement) | {"split": causes_json(found)})


def difference_json(statement: Statement) -> dict[str, Any]:
    """Return the changed lines of a later version and their causes as JSON values."""
    earlier = statement.previous
    causes = input_changes(statement.run, earlier.run) if earlier else []
    return {
        **statement_json(statement),
        "lines": [line_json(x) for x in selectors.lines_of(statement, changed_only=True)],
        "causes": [
            {"input": c["name"], "was": _said(c["was"]), "now": _said(c["now"])} for c in causes
        ],
    }


def _said(entry: Any) -> str | None:
    if entry is None or isinstance(entry, str):
        return entry
    version = entry.dataset_version
    return str(version) if version else entry.terms_said


class ExplainApi(APIView):
    """Why a statement line is what it is."""

    @extend_schema(
        operation_id="statement_line_explain",
        tags=["settlement"],
        responses={200: OpenApiTypes.OBJECT},
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
        return Response(found.as_dict())

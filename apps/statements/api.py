"""The API of statements: one with its lines, the difference, one line explained."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.terms import SIGNED_IN
from apps.runs.selectors import input_changes
from apps.settlements.services import Unexplained
from apps.statements import selectors, services
from apps.statements.models import Statement, StatementLine
from apps.ui.api import api_viewer, plain, refuse
from apps.ui.views import note_reading


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


class DifferenceApi(APIView):
    """What changed since the previous version."""

    @extend_schema(
        operation_id="statement_difference", tags=["settlement"],
        responses={200: OpenApiTypes.OBJECT},
    )  # fmt: skip
    def get(self, request: Request, statement_id: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
        note_reading(request, f"api difference of {statement}", statement.sc_id)
        if statement.previous is None:
            return refuse("STM-FIRST", "The first version has nothing to differ from.", 404)
        return Response(difference_json(statement))


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
    return str(version) if version else f"{len(entry.term_ids)} terms"


class ExplainApi(APIView):
    """Why a statement line is what it is."""

    @extend_schema(
        operation_id="statement_line_explain", tags=["settlement"],
        responses={200: OpenApiTypes.OBJECT},
    )  # fmt: skip
    def get(self, request: Request, statement_id: int, line_no: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        line = get_object_or_404(
            selectors.statement_lines(viewer=viewer).select_related("statement", "run"),
            statement_id=statement_id, line_no=line_no,
        )  # fmt: skip
        note_reading(request, f"api line {line_no} of {line.statement}", line.statement.sc_id)
        try:
            found = services.explain(line=line, viewer=viewer)
        except Unexplained as trouble:
            return refuse("STM-ENDED", str(trouble), 404)
        return Response(found.as_dict())

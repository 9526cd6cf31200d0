"""The API of comparisons: two runs, a run before it is published, a shadow file."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import ISO_ROLES, SIGNED_IN
from apps.platform.core.violations import ValidationFailed
from apps.platform.ui.api import api_viewer, violations_response
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.requests import note_reading
from apps.platform.uploads.services import file_bytes
from apps.settlement.settlements.selectors import settled_runs
from apps.settlement.statements import selectors, services
from apps.settlement.statements.serializers import (
    PublicationPreviewSerializer,
    RunCausesSerializer,
    StatementCompareSerializer,
    StatementShadowSerializer,
)

ASKED = [
    OpenApiParameter("least", str, description="Least change to list, in dollars."),
    OpenApiParameter("page", int, description="Page of 100 lines."),
]


class CompareApi(APIView):
    """Two runs or days, line by line."""

    @extend_schema(
        operation_id="statement_compare",
        tags=["settlement"],
        parameters=[
            OpenApiParameter("old", str, required=True, description="Trade date or run number."),
            OpenApiParameter("new", str, required=True, description="Trade date or run number."),
            OpenApiParameter("sc", str, description="One SC; the ISO only."),
            *ASKED,
        ],
        responses={200: StatementCompareSerializer},
    )
    def get(self, request: Request) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        try:
            found = services.compared(request.query_params, viewer)
        except ValidationFailed as trouble:
            return violations_response(trouble.violations, 400)
        note_reading(request, f"api comparison of {found.old} and {found.new}")
        return Response(StatementCompareSerializer(found).data)


class CausesApi(APIView):
    """The change between two runs of a trade date, split by cause."""

    @extend_schema(
        operation_id="run_causes",
        tags=["settlement"],
        parameters=[OpenApiParameter("sc", str, description="One SC.")],
        responses={200: RunCausesSerializer},
    )
    def get(self, request: Request, old_id: int, new_id: int) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        kept = settled_runs(viewer=viewer)
        old, new = get_object_or_404(kept, pk=old_id), get_object_or_404(kept, pk=new_id)
        try:
            asked = services.asked_of({"sc": request.query_params.get("sc", "")}, viewer)
            found = services.why(old=old, new=new, sc_id=asked["sc_id"])
        except ValidationFailed as trouble:
            return violations_response(trouble.violations, 400)
        note_reading(request, f"api causes between {old} and {new}")
        return Response(RunCausesSerializer(found).data)


class PreviewApi(APIView):
    """What publishing a run would change."""

    @extend_schema(
        operation_id="publication_preview",
        tags=["settlement"],
        parameters=ASKED,
        responses={200: PublicationPreviewSerializer},
    )
    def get(self, request: Request, run_id: int) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        kept = settled_runs(viewer=viewer)
        run = get_object_or_404(kept, pk=run_id)
        try:
            asked = services.asked_of(request.query_params, viewer)
        except ValidationFailed as trouble:
            return violations_response(trouble.violations, 400)
        asked.pop("sc_id")
        note_reading(request, f"api preview of publishing {run}")
        found = services.preview(run=run, viewer=viewer, **asked)
        return Response(PublicationPreviewSerializer(found).data)


class ShadowSerializer(serializers.Serializer[Any]):
    """An SC's own figures for a statement."""

    file = serializers.FileField(allow_empty_file=True)
    least = serializers.CharField(required=False, allow_blank=True, max_length=20)


class ShadowApi(APIView):
    """An SC's own figures against its statement; nothing is kept."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="statement_shadow",
        tags=["settlement"],
        request=ShadowSerializer,
        responses={200: StatementShadowSerializer},
        description="CSV or XLSX with CHARGE_CODE, AMOUNT_FULL and, where a line has them, "
        "RESOURCE_ID, TAC_AREA, CONTRACT_NO, QUANTITY.",
    )
    def post(self, request: Request, statement_id: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
        note_reading(request, f"api shadow of statement {statement}", statement.sc_id)
        body = body_of_request(request, ShadowSerializer)
        sent = body
        try:
            found = services.shadow(
                statement=statement,
                content=file_bytes(sent["file"]),
                least=services.least_of(sent.get("least", "")),
            )
        except ValidationFailed as trouble:
            return violations_response(trouble.violations, 400)
        return Response(StatementShadowSerializer(found).data)

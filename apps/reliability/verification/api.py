"""The API of the verification of the Master File."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.ui.api import api_viewer
from apps.platform.ui.requests import day_asked
from apps.reliability.verification import selectors


class MismatchSerializer(serializers.Serializer[Any]):
    """One mismatch."""

    resource = serializers.CharField()
    contract = serializers.CharField()
    vintage = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.CharField()
    column = serializers.CharField()
    value = serializers.CharField()
    message = serializers.CharField()


class ReportSerializer(serializers.Serializer[Any]):
    """The verification of a day."""

    day = serializers.DateField()
    master_file_of = serializers.DateField(allow_null=True)
    contracts = serializers.IntegerField()
    mismatches = MismatchSerializer(many=True)


class CheckApi(APIView):
    """Hold the Master File against Appendix 2."""

    @extend_schema(
        operation_id="master_file_check",
        tags=["reference"],
        parameters=[OpenApiParameter("day", str, description="YYYY-MM-DD, today without it")],
        responses={200: ReportSerializer},
    )
    def get(self, request: Request) -> Response:
        api_viewer(request, ISO_ROLES)
        day = day_asked(request.query_params.get("day", ""))
        of, count, _ = selectors.verification(day)
        rows = selectors.report_rows(day)
        return Response({"day": day, "master_file_of": of, "contracts": count, "mismatches": rows})

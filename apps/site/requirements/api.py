"""The API of the catalogue."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.site.requirements.rules import state_of
from apps.site.requirements.selectors import catalogue


class RequirementsApi(APIView):
    """Every requirement with its state, code and tests."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="requirements_list",
        tags=["control"],
        responses={200: {"type": "array", "items": {"type": "object"}}},
    )
    def get(self, request: Request) -> Response:
        return Response([{**asdict(r), "state": state_of(r)} for r in catalogue()])

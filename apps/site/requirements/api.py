"""The API of the catalogue."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.site.requirements.selectors import catalogue
from apps.site.requirements.serializers import RequirementSerializer


class RequirementsApi(APIView):
    """Every requirement with its state, code and tests."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="requirements_list",
        tags=["control"],
        responses={200: RequirementSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        return Response(RequirementSerializer(catalogue(), many=True).data)

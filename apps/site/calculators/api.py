"""The API of calculators; open to everybody, because nothing is read or stored."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from apps.platform.core.calculator import CALCULATORS, Refused
from apps.platform.ui.api import refuse
from apps.site.calculators import services
from apps.site.calculators.serializers import (
    CalculatorSerializer,
    RemarkSerializer,
    openapi_schema,
)


class RawParser(BaseParser):
    """Hand the body over as it is, so that numbers keep every digit."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the bytes of the body."""
        data: bytes = stream.read(services.MOST_BYTES + 1)
        return data


def _body(request: Request) -> bytes:
    data: Any = request.data
    return data if isinstance(data, bytes) else b""


class CalculatorsApi(APIView):
    """What calculators there are."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="calculators_list",
        tags=["calculators"],
        responses={200: CalculatorSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        return Response(services.describe())


class CalculatorApi(APIView):
    """Run one calculator; the title of a schema is the name of its calculator."""

    permission_classes = [AllowAny]
    parser_classes = [RawParser]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "calculators"

    @extend_schema(
        operation_id="calculate",
        tags=["calculators"],
        request={
            "application/json": {"anyOf": [openapi_schema(c.request_schema) for c in CALCULATORS]}
        },
        responses={
            200: {"anyOf": [openapi_schema(c.answer_schema) for c in CALCULATORS]},
            400: RemarkSerializer(many=True),
        },
        examples=[
            OpenApiExample(c.name, request_only=True, value=dict(c.example)) for c in CALCULATORS
        ],
    )
    def post(self, request: Request, name: str) -> Response:
        try:
            return Response(services.calculate(name=name, text=_body(request)))
        except Refused as trouble:
            return Response([f.as_dict() for f in trouble.violations], status=400)
        except services.UnknownCalculator as trouble:
            return refuse("CALC-NAME", str(trouble), 404)

"""The API of the RA column."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.adequacy.plans.codes import PLAN_READERS
from apps.adequacy.plans.filters import asked
from apps.adequacy.plans.selectors import ra_column
from apps.platform.ui.api import api_viewer
from apps.platform.ui.requests import note_reading
from apps.platform.ui.serializers import MwField


class HeldSerializer(serializers.Serializer[Any]):
    """Megawatts of one source."""

    source = serializers.CharField()  # type: ignore[assignment]  # named by the API
    mw = MwField()
    what = serializers.CharField(source="label")
    category = serializers.IntegerField(allow_null=True, help_text="of flexible capacity")


class RaResourceSerializer(serializers.Serializer[Any]):
    """What a resource shows."""

    resource = serializers.CharField(help_text="resource ID")
    ra_mw = MwField("of all sources", source="mw")

    def get_fields(self) -> Any:
        """Return the fields with ``from``, which is a word of the language."""
        return super().get_fields() | {"from": HeldSerializer(many=True, source="parts")}


class RaColumnSerializer(serializers.Serializer[Any]):
    """The RA column of a day."""

    day = serializers.DateField()
    part = serializers.CharField()
    resources = RaResourceSerializer(many=True)


class RaCapacityApi(APIView):
    """The RA column of a day."""

    @extend_schema(
        operation_id="ra_capacity",
        tags=["adequacy"],
        responses={200: RaColumnSerializer},
        summary="RA column of a day, with the source of each megawatt",
        parameters=[
            OpenApiParameter("day", str, description="YYYY-MM-DD; today without it"),
            OpenApiParameter("part", str, enum=["GENERIC", "FLEX"]),
            OpenApiParameter("q", str, description="part of a resource ID"),
        ],
    )
    def get(self, request: Request) -> Response:
        """Return resource, MW and sources of a day and part."""
        viewer = api_viewer(request, PLAN_READERS)
        day, part, words = asked(request.GET)
        note_reading(request, f"api RA column of {day}")
        rows = ra_column(viewer, day, part, words)
        return Response(RaColumnSerializer({"day": day, "part": part, "resources": rows}).data)

"""The API that finds substitutes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.adequacy.substitutions.codes import READERS
from apps.adequacy.substitutions.services import Candidate, search
from apps.platform.core.violations import Violation
from apps.platform.ui.api import api_viewer, violations_response
from apps.platform.ui.requests import note_reading
from apps.platform.ui.serializers import ExactField, MwField


class CandidateSerializer(serializers.Serializer[Any]):
    """A resource that may or may not stand in."""

    resource = serializers.CharField(help_text="resource ID")
    local_area = serializers.CharField(help_text="or blank")
    spare_mw = MwField("it could give", source="spare")
    category = serializers.IntegerField(allow_null=True, help_text="of flexible capacity")
    codes = serializers.SerializerMethodField(help_text="why it may not, for programs")
    why = serializers.SerializerMethodField(help_text="why it may not, for people")

    def get_codes(self, candidate: Candidate) -> list[str]:
        """The code of each violation."""
        return [f.code for f in candidate.violations]

    def get_why(self, candidate: Candidate) -> str:
        """The sentence of each violation."""
        return " ".join(f.message for f in candidate.violations)


class EstimateSerializer(serializers.Serializer[Any]):
    """What the RAAIM charge of the month would be."""

    availability = ExactField("share", trimmed=True)
    charge_usd = ExactField("$", trimmed=True, source="charge")
    how = serializers.CharField(source="sentence")


class CandidatesSerializer(serializers.Serializer[Any]):
    """What an outage needs, and who could give it."""

    resource = serializers.CharField(source="need.resource", help_text="that is out")
    part = serializers.CharField(source="need.part", help_text="GENERIC or FLEX")
    needed_mw = MwField(source="need.needed")
    substitution_wanted = serializers.BooleanField(source="need.wanted")
    allowed = CandidateSerializer(many=True)
    refused = CandidateSerializer(many=True)
    without = EstimateSerializer(allow_null=True, help_text="without a substitute")
    with_best = EstimateSerializer(allow_null=True, help_text="with the first that is allowed")


class CandidatesApi(APIView):
    """Find substitutes for an outage."""

    @extend_schema(
        operation_id="substitute_candidates",
        tags=["adequacy"],
        responses={200: CandidatesSerializer},
        summary="Who may stand in for a resource that is out",
        parameters=[
            OpenApiParameter("outage", str, required=True, description="MRID, or card 12"),
            OpenApiParameter("part", str, enum=["GENERIC", "FLEX"]),
            OpenApiParameter("starts_at", str, description="ISO time; blank: as the outage"),
            OpenApiParameter("ends_at", str, description="ISO time; blank: as the outage"),
        ],
    )
    def get(self, request: Request) -> Response:
        """Return allowed and refused candidates with the estimate of having none."""
        viewer = api_viewer(request, READERS)
        found = search(viewer, request.GET)
        if found.need is None:
            missing = Violation("SUB-OUTAGE", "Name an outage.", column="outage")
            return violations_response(list(found.violations) or [missing], 400)
        note_reading(request, f"api substitutes for {found.need.resource}")
        return Response(CandidatesSerializer(found).data)

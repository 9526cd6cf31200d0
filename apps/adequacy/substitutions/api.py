"""The API that finds substitutes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.adequacy.substitutions.hooks import Estimate
from apps.adequacy.substitutions.services import Candidate
from apps.adequacy.substitutions.terms import READERS
from apps.adequacy.substitutions.views import search
from apps.platform.kernel.findings import Finding
from apps.platform.kernel.quantity import plain
from apps.platform.ui.api import api_viewer, findings_response
from apps.platform.ui.views import note_reading


class CandidatesSerializer(serializers.Serializer[Any]):
    """What an outage needs, and who could give it."""

    resource = serializers.CharField()
    part = serializers.CharField()
    needed_mw = serializers.CharField()
    substitution_wanted = serializers.BooleanField()
    allowed = serializers.ListField(child=serializers.DictField())
    refused = serializers.ListField(child=serializers.DictField())
    without = serializers.DictField(allow_null=True)
    with_best = serializers.DictField(allow_null=True)


def _shown(candidate: Candidate) -> dict[str, Any]:
    return {
        "resource": candidate.resource,
        "local_area": candidate.local_area,
        "spare_mw": plain(candidate.spare),
        "category": candidate.category,
        "codes": [f.code for f in candidate.findings],
        "why": " ".join(f.message for f in candidate.findings),
    }


def _said(estimate: Estimate | None) -> dict[str, str] | None:
    if estimate is None:
        return None
    return {
        "availability": plain(estimate.availability),
        "charge_usd": plain(estimate.charge),
        "how": estimate.sentence,
    }


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
            missing = Finding("SUB-OUTAGE", "Name an outage.", column="outage")
            return findings_response(list(found.findings) or [missing], 400)
        note_reading(request, f"api substitutes for {found.need.resource}")
        return Response(
            {
                "resource": found.need.resource,
                "part": found.need.part,
                "needed_mw": plain(found.need.needed),
                "substitution_wanted": found.need.wanted,
                "allowed": [_shown(c) for c in found.allowed or ()],
                "refused": [_shown(c) for c in found.refused or ()],
                "without": _said(found.without),
                "with_best": _said(found.with_best),
            }
        )

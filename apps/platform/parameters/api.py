"""The API of parameter changes: propose and decide."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import ISO_ROLES, PROPOSERS
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now
from apps.platform.core.effective import ParameterRefused
from apps.platform.parameters import selectors, services
from apps.platform.parameters.models import ParameterProposal
from apps.platform.ui.api import api_viewer, refuse
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.requests import actor_of


class ProposalSerializer(serializers.ModelSerializer[ParameterProposal]):
    """A proposal as sent and as shown."""

    class Meta:
        model = ParameterProposal
        fields = ("id", "name", "text", "first_date", "last_date", "reference", "reason", "state")
        read_only_fields = ("id", "state")


class DecisionSerializer(serializers.Serializer[Any]):
    """A note kept with a decision."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ProposalsApi(APIView):
    """Propose a value."""

    @extend_schema(
        operation_id="parameter_propose",
        tags=["control"],
        request=ProposalSerializer,
        responses={201: ProposalSerializer},
        examples=[
            OpenApiExample(
                "a new tolerance",
                request_only=True,
                value={
                    "name": "rmr.pmax_tolerance_mw",
                    "text": "0.02",
                    "first_date": "2025-01-01",
                    "reference": "BPM change 1234",
                    "reason": "rounding of the master file",
                },
            )
        ],
    )
    def post(self, request: Request) -> Response:
        api_viewer(request, PROPOSERS)
        body = body_of_request(request, ProposalSerializer)
        data = {"last_date": None, **body}
        try:
            proposal = services.propose(actor=actor_of(request), at=site_now(), **data)
        except ParameterRefused as trouble:
            return refuse("PAR-REFUSED", str(trouble))
        return Response(ProposalSerializer(proposal).data, status=201)


class DecisionApi(APIView):
    """Approve, reject or withdraw a proposal."""

    decides = frozenset({"approve", "reject"})

    @extend_schema(
        operation_id="parameter_decide",
        tags=["control"],
        request=DecisionSerializer,
        responses={200: ProposalSerializer},
    )
    def post(self, request: Request, proposal_id: int, action: str) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        get_object_or_404(selectors.proposals(viewer=viewer), pk=proposal_id)
        body = body_of_request(request, DecisionSerializer)
        act = {
            "approve": services.approve,
            "reject": services.reject,
            "withdraw": services.withdraw,
        }[action]
        try:
            done = act(
                proposal_id=proposal_id,
                actor=actor_of(request),
                at=site_now(),
                note=body.get("note", ""),
            )
        except MoveRefused as trouble:
            return refuse("PAR-MOVE", str(trouble), 409)
        return Response(ProposalSerializer(done).data)

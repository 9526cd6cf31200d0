"""The API of runs: request, look, publish."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import ANALYSTS, ISO_ROLES
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now
from apps.platform.core.violations import Violation
from apps.platform.runs import selectors, services
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.serializers import PublicationsVerifySerializer, RunSerializer
from apps.platform.ui.api import api_viewer, refuse, violations_response
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.requests import actor_of
from apps.platform.ui.serializers import KnownChoiceField


class RequestSerializer(serializers.Serializer[Any]):
    """Which day to compute, and why."""

    kind = KnownChoiceField(choices=[], required=False)
    trade_date = serializers.DateField()
    run_type = serializers.CharField(required=False, allow_blank=True, max_length=12)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [k.code for k in RUN_KINDS]  # type: ignore[attr-defined]


class RequestApi(APIView):
    """Request a run."""

    @extend_schema(
        operation_id="run_request",
        tags=["settlement"],
        request=RequestSerializer,
        responses={200: RunSerializer, 201: RunSerializer},
        description="The same inputs, parameters and code give the run that exists (200).",
        examples=[
            OpenApiExample(
                "settle a day",
                request_only=True,
                value={"trade_date": "2024-09-04", "reason": "meters were read again"},
            )
        ],
    )
    def post(self, request: Request) -> Response:
        api_viewer(request, ANALYSTS)
        body = body_of_request(request, RequestSerializer)
        data = body
        try:
            run, new = services.request(
                kind_code=data.get("kind", "settlements.daily"),
                trade_date=data["trade_date"],
                actor=actor_of(request),
                at=site_now(),
                reason=data.get("reason", "") or "requested through the API",
                run_type=data.get("run_type", ""),
            )
        except services.RunRefused as trouble:
            return refuse("RUN-REFUSED", str(trouble), 409)
        run.refresh_from_db()
        return Response(RunSerializer(run).data, status=201 if new else 200)


class RunApi(APIView):
    """One run."""

    @extend_schema(operation_id="run_show", tags=["settlement"], responses={200: RunSerializer})
    def get(self, request: Request, run_id: int) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        run = get_object_or_404(selectors.runs(viewer=viewer), pk=run_id)
        return Response(RunSerializer(run).data)


class PublishSerializer(serializers.Serializer[Any]):
    """What confirms a publication: the trade date and version, such as ``2024-09-04 v2``.

    ``over_holds``: why a run that leaves something without an amount is published all the same.
    ``answered_for``: why what is settled over a missing or outdated input is right.
    """

    confirm = serializers.CharField(max_length=40)
    over_holds = serializers.CharField(required=False, allow_blank=True, max_length=300)
    answered_for = serializers.CharField(required=False, allow_blank=True, max_length=300)


class PublishApi(APIView):
    """Publish a sealed run."""

    decides = frozenset({"publish"})

    @extend_schema(
        operation_id="run_publish",
        tags=["settlement"],
        request=PublishSerializer,
        responses={200: RunSerializer},
    )
    def post(self, request: Request, run_id: int) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        run = get_object_or_404(selectors.runs(viewer=viewer), pk=run_id)
        body = body_of_request(request, PublishSerializer)
        wanted = services.words_to_type(run)
        if body["confirm"].strip() != wanted:
            return refuse("RUN-CONFIRM", f"Send {wanted} as confirm to publish this version.", 409)
        reasons = {name: body.get(name, "") for name in ("over_holds", "answered_for")}
        lacking = services.lacking_reasons(run.holds, **reasons)
        if run.state == "SEALED" and lacking:
            return violations_response(
                [
                    found
                    for name, holds in lacking.items()
                    for found in (
                        Violation(
                            "RUN-HELD",
                            f"{services.counted_holds(holds)}. Send {name} with a reason to "
                            "publish it all the same.",
                        ),
                        *(Violation(h["code"], h["sentence"], value=h["resource"]) for h in holds),
                    )
                ],
                409,
            )
        try:
            run = services.publish(run_id=run_id, actor=actor_of(request), at=site_now(), **reasons)
        except MoveRefused as trouble:
            return refuse("RUN-MOVE", str(trouble), 409)
        return Response(RunSerializer(run).data)


class PublicationsApi(APIView):
    """The chain of publications, checked against what the database holds."""

    @extend_schema(
        operation_id="publications_verify",
        tags=["settlement"],
        responses={200: PublicationsVerifySerializer},
    )
    def get(self, request: Request) -> Response:
        api_viewer(request, ISO_ROLES)
        count, broken = services.verify_chain()
        newest = selectors.publication_rows().first()
        return Response(
            PublicationsVerifySerializer(
                {"publications": count, "newest": newest, "broken": broken}
            ).data
        )

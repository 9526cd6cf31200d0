"""The API of the settlement beside its lists: completeness of a run, data quality of a day."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import ANALYSTS, ISO_ROLES
from apps.platform.clock.selectors import site_now
from apps.platform.runs.services import RunRefused
from apps.platform.ui.api import api_viewer, refuse
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.requests import actor_of, day_of
from apps.settlement.settlements import services
from apps.settlement.settlements.selectors import settled_runs
from apps.settlement.settlements.serializers import (
    DataQualitySerializer,
    PreparedSerializer,
    RunCompletenessSerializer,
)


class CompletenessApi(APIView):
    """Which input rows of a run were used, and why others were not."""

    @extend_schema(
        operation_id="run_completeness",
        tags=["settlement"],
        responses={200: RunCompletenessSerializer(many=True)},
    )
    def get(self, request: Request, run_id: int) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        run = get_object_or_404(settled_runs(viewer=viewer), pk=run_id)
        return Response(RunCompletenessSerializer(services.completeness_of(run), many=True).data)


class DataQualityApi(APIView):
    """What a trade date would be settled from now, and what is not right about it."""

    @extend_schema(
        operation_id="data_quality",
        tags=["settlement"],
        responses={200: DataQualitySerializer},
    )
    def get(self, request: Request, day: str) -> Response:
        api_viewer(request, ISO_ROLES)
        found = services.data_quality_of(day_of(day), site_now())
        return Response(DataQualitySerializer(found).data)


class PrepareRequestSerializer(serializers.Serializer[Any]):
    """Which check's holds to make good; all of them without one."""

    check_name = serializers.CharField(required=False, allow_blank=True, max_length=40)


class PrepareApi(APIView):
    """Request the calculations that a trade date lacks."""

    @extend_schema(
        operation_id="data_quality_prepare",
        tags=["settlement"],
        request=PrepareRequestSerializer,
        responses={200: PreparedSerializer},
    )
    def post(self, request: Request, day: str) -> Response:
        api_viewer(request, ANALYSTS)
        body = body_of_request(request, PrepareRequestSerializer)
        at, trade_date = site_now(), day_of(day)
        try:
            holds = services.mendable(trade_date, at, check=body.get("check_name", ""))
            made = services.prepare_day(holds=holds, actor=actor_of(request), at=at)
        except (RunRefused, LookupError) as trouble:
            return refuse("RUN-REFUSED", str(trouble), 409)
        return Response(PreparedSerializer(made).data)

"""The API of the settlement beside its lists: completeness of a run."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.ui.api import api_viewer
from apps.settlement.settlements import services
from apps.settlement.settlements.selectors import settled_runs
from apps.settlement.settlements.serializers import RunCompletenessSerializer


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

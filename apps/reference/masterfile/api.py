"""The API of the Master File: retrieving it now."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.clock.selectors import site_now
from apps.platform.jobs.services import queue
from apps.platform.ui.api import api_viewer
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.requests import actor_of, day_asked
from apps.reference.masterfile.codes import RETRIEVERS
from apps.reference.masterfile.tasks import RETRIEVE


class RetrieveSerializer(serializers.Serializer[Any]):
    """Which day to retrieve."""

    day = serializers.DateField(required=False, allow_null=True)


class QueuedSerializer(serializers.Serializer[Any]):
    """The job that does it."""

    job = serializers.IntegerField()


class RetrieveApi(APIView):
    """Ask the source now."""

    @extend_schema(
        operation_id="master_file_retrieve",
        tags=["reference"],
        request=RetrieveSerializer,
        responses={202: QueuedSerializer},
    )
    def post(self, request: Request) -> Response:
        api_viewer(request, RETRIEVERS)
        body = body_of_request(request, RetrieveSerializer)
        wanted = body.get("day")
        day = day_asked(wanted.isoformat() if wanted else "")
        job = queue(
            kind=RETRIEVE.code,
            title=f"Master File of {day}",
            actor=actor_of(request),
            at=site_now(),
            arguments={"day": day.isoformat()},
        )
        return Response({"job": job.pk}, status=202)

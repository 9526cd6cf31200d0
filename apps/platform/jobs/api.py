"""The API of jobs: look, cancel, try again."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.clock.selectors import site_now
from apps.platform.jobs import selectors, services
from apps.platform.jobs.models import Job
from apps.platform.ui.api import api_viewer, refuse
from apps.platform.ui.requests import actor_of


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job with its progress in percent and the seconds it may still take."""

    actor = serializers.CharField(source="actor.username")
    percent = serializers.SerializerMethodField()
    seconds_left = serializers.SerializerMethodField()
    advice = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "title",
            "state",
            "actor",
            "queued_at",
            "started_at",
            "ended_at",
            "done",
            "total",
            "note",
            "percent",
            "seconds_left",
            "error",
            "advice",
            "attempts",
            "address",
        )

    def get_percent(self, job: Job) -> int | None:
        """How far it is."""
        percent: int | None = selectors.progress_of(job, site_now())["percent"]
        return percent

    def get_seconds_left(self, job: Job) -> int | None:
        """How long it may still take."""
        left: int | None = selectors.progress_of(job, site_now())["left"]
        return left

    def get_advice(self, job: Job) -> str:
        """What to do where it failed."""
        return selectors.advice_for(job)


class JobApi(APIView):
    """One job."""

    @extend_schema(operation_id="job_show", tags=["control"], responses={200: JobSerializer})
    def get(self, request: Request, job_id: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        return Response(
            JobSerializer(get_object_or_404(selectors.jobs(viewer=viewer), pk=job_id)).data
        )


class JobDecideApi(APIView):
    """Cancel a job or try it again."""

    @extend_schema(
        operation_id="job_decide", tags=["control"], request=None, responses={200: JobSerializer}
    )
    def post(self, request: Request, job_id: int, action: str) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        get_object_or_404(selectors.jobs(viewer=viewer), pk=job_id)
        act: Any = services.cancel if action == "cancel" else services.retry
        try:
            job = act(job_id=job_id, actor=actor_of(request), at=site_now())
        except services.JobRefused as trouble:
            return refuse("JOB-REFUSED", str(trouble), 409)
        return Response(JobSerializer(job).data)

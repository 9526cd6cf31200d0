"""The API of uploads: send, look, confirm, withdraw; one row."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import ISO_ROLES, SIGNED_IN
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now
from apps.platform.ui.api import api_viewer, refuse, violations_response
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.json_bodies import BoundedJson
from apps.platform.ui.requests import actor_of, note_reading
from apps.platform.uploads import selectors, services
from apps.platform.uploads.hooks import UnknownKind, kind
from apps.platform.uploads.serializers import UploadedRowSerializer, UploadSerializer


class SendSerializer(serializers.Serializer[Any]):
    """A file of a kind; options of the kind are further form fields.

    Without a kind it is recognised by the headings, where they are those of one kind only.
    """

    kind = serializers.CharField(required=False, allow_blank=True)
    file = serializers.FileField(allow_empty_file=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ReasonSerializer(serializers.Serializer[Any]):
    """Why, kept with the decision."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    acknowledged = serializers.DictField(
        child=serializers.CharField(max_length=300),
        required=False,
        help_text="for each warning of plausibility, by the id of its violation, why it is right",
    )

    def validate_acknowledged(self, given: dict[str, str]) -> dict[int, str]:
        """Return the reasons by the key of the violation."""
        if not all(key.isascii() and key.isdecimal() and len(key) < 19 for key in given):
            raise serializers.ValidationError("Name violations by their id.")
        return {int(key): reason for key, reason in given.items()}


class SendApi(APIView):
    """Send a file."""

    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(
        operation_id="upload_send",
        tags=["inputs"],
        request=SendSerializer,
        responses={201: UploadSerializer},
    )
    def post(self, request: Request) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        body = body_of_request(request, SendSerializer, open_names=True)
        fields: Any = request.data
        options = {k: str(v) for k, v in fields.items() if k not in {"kind", "file", "note"}}
        file = body["file"]
        if services.size_violations(file.size):
            return violations_response(services.size_violations(file.size), 413)
        content, code = file.read(), body.get("kind", "")
        if not code:
            found = services.recognise(content, viewer)
            if len(found.kinds) != 1:
                return violations_response(found.violations or services.several(found), 400)
            code = found.kinds[0].code
        try:
            upload = services.receive(
                kind_code=code,
                file_name=file.name,
                content=content,
                actor=actor_of(request),
                at=site_now(),
                options=options,
                note=body.get("note", ""),
            )
        except UnknownKind as trouble:
            return refuse("UP-KIND", str(trouble))
        except services.UploadRefused as trouble:
            denied = any(f.code == "UP-ROLE" for f in trouble.violations)
            return violations_response(trouble.violations, 403 if denied else 400)
        upload = services.read_or_queue(upload=upload, actor=actor_of(request), at=site_now())
        return Response(UploadSerializer(upload).data, status=201)


class UploadApi(APIView):
    """One upload."""

    @extend_schema(operation_id="upload_show", tags=["inputs"], responses={200: UploadSerializer})
    def get(self, request: Request, upload_id: int) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        upload = get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
        return Response(UploadSerializer(upload).data)


class DecideApi(APIView):
    """Confirm, withdraw or read an upload again."""

    decides = frozenset({"confirm"})

    parser_classes = [BoundedJson, FormParser, MultiPartParser]

    @extend_schema(
        operation_id="upload_decide",
        tags=["inputs"],
        request=ReasonSerializer,
        responses={200: UploadSerializer},
    )
    def post(self, request: Request, upload_id: int, action: str) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
        body = body_of_request(request, ReasonSerializer)
        reason, now = body.get("reason", ""), site_now()
        try:
            if action == "confirm":
                upload, _ = services.confirm(
                    upload_id=upload_id,
                    actor=actor_of(request),
                    at=now,
                    reason=reason,
                    acknowledged=body.get("acknowledged", {}),
                )
            elif action == "withdraw":
                upload = services.withdraw(
                    upload_id=upload_id, actor=actor_of(request), at=now, reason=reason
                )
            else:
                upload = services.reread(upload_id=upload_id, actor=actor_of(request), at=now)
        except (services.ConfirmRefused, MoveRefused) as trouble:
            return refuse("UP-DECISION", str(trouble), 409)
        return Response(UploadSerializer(upload).data)


class RejectsApi(APIView):
    """The rejected rows of an upload."""

    @extend_schema(
        operation_id="upload_rejects",
        tags=["inputs"],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, upload_id: int) -> HttpResponse:
        viewer = api_viewer(request, ISO_ROLES)
        upload = get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
        return HttpResponse(services.rejected_rows(upload), content_type="text/csv")


class TemplateApi(APIView):
    """The template of a kind as CSV."""

    @extend_schema(
        operation_id="upload_template",
        tags=["inputs"],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        api_viewer(request, SIGNED_IN)
        try:
            wanted = kind(code)
        except UnknownKind as trouble:
            return refuse("UP-KIND", str(trouble), 404)
        return HttpResponse(services.template_csv(wanted), content_type="text/csv")


class RowApi(APIView):
    """One uploaded row as received."""

    @extend_schema(
        operation_id="uploaded_row", tags=["inputs"], responses={200: UploadedRowSerializer}
    )
    def get(self, request: Request, version_id: int, line_no: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        try:
            version, line_no, row = services.uploaded_row(
                viewer=viewer, version_id=version_id, line_no=line_no
            )
        except services.RowNotYours as trouble:
            return refuse("UP-ROW", str(trouble), 404)
        note_reading(request, f"api row {line_no} of {version}")
        told = UploadedRowSerializer(version, context={"line_no": line_no, "row": row})
        return Response(told.data)

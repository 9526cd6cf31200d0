"""The API of papers: attach one to a case, fetch one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import SIGNED_IN
from apps.platform.clock.selectors import site_now
from apps.platform.core.violations import ValidationFailed
from apps.platform.documents.models import Document
from apps.platform.documents.selectors import attachable, documents, file_of
from apps.platform.ui.api import api_viewer, violations_response
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.requests import actor_of, note_reading
from apps.platform.ui.responses import download


class DocumentFileSerializer(serializers.Serializer[Any]):
    """One file as multipart/form-data."""

    document = serializers.FileField()


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A document without its bytes."""

    class Meta:
        model = Document
        fields = (
            "id",
            "desk",
            "case_id",
            "file_name",
            "media_type",
            "size_bytes",
            "sha256",
            "sent_at",
        )


class AttachApi(APIView):
    """Attach a document."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="document_attach",
        tags=["cases"],
        request=DocumentFileSerializer,
        responses={201: DocumentSerializer},
    )
    def post(self, request: Request, desk: str, case_id: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        found, case = attachable(viewer=viewer, desk=desk, case_id=case_id)
        body = body_of_request(request, DocumentFileSerializer)
        sent = body["document"]
        try:
            paper = found.takes_documents(
                case=case,
                file_name=sent.name,
                content=sent.read(),
                actor=actor_of(request),
                at=site_now(),
            )
        except ValidationFailed as trouble:
            return violations_response(trouble.violations, 400)
        return Response(DocumentSerializer(paper).data, status=201)


class DocumentFileApi(APIView):
    """Fetch a document."""

    @extend_schema(
        operation_id="document_file",
        tags=["cases"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, document_id: int) -> HttpResponseBase:
        viewer = api_viewer(request, SIGNED_IN)
        paper = get_object_or_404(
            documents(viewer=viewer).select_related("content"), pk=document_id
        )
        note_reading(request, f"document {document_id}", paper.party_id)
        return download(*file_of(paper), private=True)

"""The API every screen shares, and the one shape of errors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as default_handler

from apps.accounts.rules import Viewer
from apps.accounts.selectors import viewer_of
from apps.kernel.findings import Finding
from apps.ui import selectors
from apps.ui.screens import Screen

MOST_ROWS = 1_000


def plain(value: Any) -> Any:
    """Return a value as JSON says it: decimals as strings, ranges as an object of two ends."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        if value.isempty:
            return None
        return {"from": plain(value.lower), "until": plain(value.upper)}
    return value


def findings_response(findings: list[Finding], status: int) -> Response:
    """Return findings as the body of a refusal."""
    return Response({"findings": [f.as_dict() for f in findings]}, status=status)


def refuse(code: str, message: str, status: int = 400) -> Response:
    """Return a refusal of one finding."""
    return findings_response([Finding(code, message)], status)


def exception_handler(trouble: Exception, context: dict[str, Any]) -> Response | None:
    """Write every error of the API as a list of findings."""
    response = default_handler(trouble, context)
    if response is not None:
        detail = response.data
        message = detail.get("detail", detail) if isinstance(detail, Mapping) else detail
        code = getattr(getattr(trouble, "detail", None), "code", "error") or "error"
        response.data = {"findings": [Finding(f"API-{code}", str(message)).as_dict()]}
    return response


def api_viewer(request: Request, roles: frozenset[Any]) -> Viewer:
    """Return the viewer of an API request, or refuse with 403."""
    viewer = viewer_of(request.user)
    if not viewer.may(roles):
        raise PermissionDenied("Your roles do not include this operation.")
    return viewer


def _row_serializer(screen: Screen) -> Any:
    fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {"id": serializers.CharField()}
    for column in screen.all_columns:
        name = column.path
        if screen.is_range(name):
            fields[name] = serializers.DictField(child=serializers.CharField(allow_null=True))
        else:
            fields[name] = serializers.CharField(allow_null=True, help_text=screen.unit(name))
    row = inline_serializer(f"{screen.name}-row", fields)
    return inline_serializer(
        f"{screen.name}-page",
        {
            "count": serializers.IntegerField(),
            "page": serializers.IntegerField(),
            "pages": serializers.IntegerField(),
            "results": serializers.ListField(child=row),
        },
    )


def screen_api(screen: Screen) -> type[APIView]:
    """Return the API view of a screen: the same selector, filters and columns as the page."""

    class View(APIView):
        permission_classes = [AllowAny] if screen.public else APIView.permission_classes

        @extend_schema(
            operation_id=f"{screen.name}_list",
            summary=screen.title,
            description=screen.intro,
            tags=[screen.group or "lists"],
            responses={200: _row_serializer(screen)},
            parameters=[
                OpenApiParameter("page", int),
                OpenApiParameter("page_size", int, description=f"1 to {MOST_ROWS}, else 100"),
                *(
                    OpenApiParameter(name, str)
                    for name in selectors.filter_set_of(screen).base_filters
                ),
            ],
        )
        def get(self, request: Request) -> Response:
            viewer = viewer_of(request.user)
            if not screen.visible_to(viewer):
                raise PermissionDenied("Your roles do not include this list.")
            found = selectors.filtered(screen, viewer=viewer, query=request.query_params)
            if not found.is_valid():
                return findings_response(
                    [
                        Finding("API-FILTER", " ".join(map(str, messages)), column=name)
                        for name, messages in found.errors.items()
                    ],
                    400,
                )
            size, page = _paging(request)
            count = found.qs.count()
            rows = found.qs[(page - 1) * size : page * size]
            return Response(
                {
                    "count": count,
                    "page": page,
                    "pages": max(-(-count // size), 1),
                    "results": [_row(screen, row) for row in rows],
                }
            )

    View.__name__ = f"{screen.name.title().replace('-', '')}Api"
    return View


def _paging(request: Request) -> tuple[int, int]:
    def whole(name: str, default: int, most: int) -> int:
        text = request.query_params.get(name, "")
        return min(max(int(text), 1), most) if text.isdecimal() and len(text) < 9 else default

    return whole("page_size", 100, MOST_ROWS), whole("page", 1, 10_000_000)


def _row(screen: Screen, row: Mapping[str, Any]) -> dict[str, Any]:
    key = "/".join(str(row[name]) for name in screen.key_paths)
    return {"id": key} | {c.path: plain(row[c.path]) for c in screen.all_columns}

"""The API every screen shares, and the one shape of errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as default_handler

from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.selectors import viewer_of
from apps.platform.audit.services import note_read
from apps.platform.clock.selectors import site_now
from apps.platform.core.request_ids import current_request_id
from apps.platform.core.violations import Violation
from apps.platform.ui import selectors
from apps.platform.ui.screens import Screen

MOST_ROWS = 1_000
PAGING = ("page", "page_size")
PROBLEM = "application/problem+json"
FORGED = (
    "This was sent with the session of a browser and without that session's X-CSRFToken, so "
    "nothing was done. Send the header, or sign in by an API token."
)


def asks_api(request: HttpRequest) -> bool:
    """Whether a request asks the API, which answers and refuses as JSON."""
    return request.path_info.startswith("/api/")


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


def problem(
    code: str, message: str, status: int, violations: list[Violation] | None = None
) -> JsonResponse:
    """Return a refusal outside the API framework, as application/problem+json (RFC 9457)."""
    body = _problem(code, message, status, violations or [Violation(code, message)])
    return JsonResponse(body, status=status, content_type=PROBLEM)


def _problem(code: str, message: str, status: int, violations: list[Violation]) -> dict[str, Any]:
    return {
        "type": reverse("help-page", args=["api"], fragment=code.lower()),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "code": code,
        "request_id": current_request_id(),
        "violations": [f.as_dict() for f in violations],
    }


def violations_response(violations: list[Violation], status: int) -> Response:
    """Return violations as the body of a refusal; the first one gives its code and sentence."""
    first = violations[0]
    body = _problem(first.code, first.message, status, violations)
    return Response(body, status=status, content_type=PROBLEM)


def refuse(code: str, message: str, status: int = 400) -> Response:
    """Return a refusal of one violation."""
    return violations_response([Violation(code, message)], status)


def exception_handler(trouble: Exception, context: dict[str, Any]) -> Response | None:
    """Write every error of the API as a problem with violations; fields are named one by one."""
    response = default_handler(trouble, context)
    if response is None:
        return None
    detail = getattr(trouble, "detail", None)
    if isinstance(detail, dict):
        violations = [
            Violation("API-invalid", " ".join(map(str, _texts(said))), column=str(name))
            for name, said in detail.items()
        ]
    else:
        code = getattr(detail, "code", None) or getattr(trouble, "default_code", "")
        code = code or {404: "not_found", 403: "permission_denied"}.get(response.status_code, "")
        data = response.data
        message = data.get("detail", data) if isinstance(data, Mapping) else data
        if str(message).startswith("CSRF Failed"):  # the framework tells of its own parts
            message = FORGED
        violations = [Violation(f"API-{code or 'error'}", str(message))]
    body = _problem(violations[0].code, violations[0].message, response.status_code, violations)
    response.data, response.content_type = body, PROBLEM
    return response


def _texts(said: Any) -> list[Any]:
    if isinstance(said, dict):
        return [f"{name}: {' '.join(map(str, _texts(v)))}" for name, v in said.items()]
    return list(said) if isinstance(said, (list, tuple)) else [said]


def api_viewer(request: Request, roles: frozenset[Any]) -> Viewer:
    """Return the viewer of an API request, or refuse with 403."""
    viewer = viewer_of(request.user)
    if not viewer.may(roles):
        raise PermissionDenied("Your roles do not include this operation.")
    return viewer


_PLAIN: dict[str, Any] = {
    "BooleanField": serializers.BooleanField,
    **dict.fromkeys(
        (
            "IntegerField",
            "BigIntegerField",
            "PositiveIntegerField",
            "PositiveSmallIntegerField",
            "PositiveBigIntegerField",
            "SmallIntegerField",
            "AutoField",
            "BigAutoField",
        ),
        serializers.IntegerField,
    ),
    "JSONField": partial(serializers.ListField, child=serializers.CharField()),  # a list of codes
}


def _row_serializer(screen: Screen) -> Any:
    fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {"id": serializers.CharField()}
    for column in screen.all_columns:
        name = column.path
        if screen.is_range(name):
            fields[name] = serializers.DictField(
                child=serializers.CharField(allow_null=True), allow_null=True
            )
        else:
            field = screen.field(name)
            field = getattr(field, "target_field", field)  # a key is told as what it leads to
            kind = _PLAIN.get(field.get_internal_type(), serializers.CharField)
            if screen.unit(name):
                kind = serializers.CharField  # exact decimals travel as texts
            fields[name] = kind(allow_null=True, help_text=screen.unit(name))
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


def unknown_filters(request: Request, known: Sequence[str]) -> list[Violation]:
    """Return the names of a query that a list does not know, with those it knows.

    An answer that ignored one would be taken for a filtered one.
    """
    strange = [name for name in request.query_params if name not in known]
    return [
        Violation(
            "API-FILTER",
            f"There is no filter {name[:60]!r} here{close_to(name, known)}; there are "
            f"{', '.join(sorted(known))}.",
            column=name[:60],
            value=request.query_params[name][:200],
        )
        for name in strange
    ]


def close_to(name: str, known: Sequence[str]) -> str:
    """Return a question for the known names that an unknown one resembles, after a colon; or ""."""
    near = [k for k in known if k.startswith(f"{name}_")]
    near = near or get_close_matches(name, known, n=2, cutoff=0.75)
    return f": did you mean {' or '.join(near[:3])}?" if near else ""


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
            if screen.of_parties:
                note_read(
                    viewer=viewer,
                    what=f"api {screen.name}",
                    address=request.get_full_path(),
                    at=site_now(),
                )
            known = [*selectors.filter_set_of(screen).base_filters, *PAGING]
            strange = unknown_filters(request, known)
            if strange:
                return violations_response(strange, 400)
            found = selectors.filtered(screen, viewer=viewer, query=request.query_params)
            if not found.is_valid():
                return violations_response(
                    [
                        Violation("API-FILTER", " ".join(map(str, messages)), column=name)
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

"""How the API describes itself: every operation also names the problems it may answer with."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.openapi import AutoSchema

PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
VIOLATION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "description": "stable; meant for programs"},
        "message": {"type": "string", "description": "a sentence for people"},
        "severity": {"type": "string", "enum": ["error", "warning", "info"]},
        "line": {"type": "integer", "description": "row of a file, 0 for the whole"},
        "column": {"type": "string"},
        "value": {"type": "string"},
    },
    "required": ["code", "message"],
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal as application/problem+json (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {
            "type": "string",
            "description": "by which the request is found in the log and the audit log",
        },
        "violations": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemViolation"}},
    },
    "required": ["type", "title", "status", "detail", "code", "violations"],
    "example": {
        "title": "Conflict",
        "status": 409,
        "detail": "2024-10-01 cannot be settled yet; missing: Metered demand.",
        "code": "RUN-REFUSED",
        "violations": [
            {
                "code": "RUN-REFUSED",
                "severity": "error",
                "line": 0,
                "column": "",
                "value": "",
                "message": "2024-10-01 cannot be settled yet; missing: Metered demand.",
            }
        ],
    },
}
SAID = {
    "400": "The request does not fit; violations name each field.",
    "401": "Not signed in, or by a token that is unknown, revoked or expired.",
    "403": "The roles, or the token's scopes, do not include this.",
    "404": "There is no such thing, or it is not the caller's to see.",
    "405": "The address has no such method.",
    "406": "The API answers in JSON only.",
    "409": "The state of things stands against it.",
    "413": "The body is too large.",
    "415": "The body is of a type that is not read here.",
    "422": "The Idempotency-Key was used for another request.",
    "429": "Too many requests; Retry-After says when to come again.",
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 80},
    "description": "A text of the caller's; the same key gives the first answer again for a day.",
}


class ApiSchema(AutoSchema):
    """The framework's description, with problems on every operation."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Add what every operation may answer, and the key that makes writes repeatable."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        for status, said in SAID.items():
            operation["responses"].setdefault(
                status,
                {
                    "description": said,
                    "content": {"application/problem+json": {"schema": PROBLEM_REF}},
                },
            )
        if self.method in ("POST", "PATCH"):
            operation.setdefault("parameters", []).append(dict(KEY_HEADER))
        return operation


def add_problem(result: dict[str, Any], generator: Any, request: Any, public: bool) -> Any:
    """Put the shape of problems beside the other shapes."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    kind = reverse("help-page", args=["api"], fragment="run-refused")
    schemas["Problem"] = PROBLEM | {"example": {"type": kind, **PROBLEM["example"]}}
    schemas["ProblemViolation"] = VIOLATION
    return result

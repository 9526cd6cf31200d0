"""The API of every case desk: open a case, show it, move it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.datastructures import MultiValueDict
from drf_spectacular.utils import OpenApiExample, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import APPROVERS
from apps.platform.audit.services import MoveRefused, note_read
from apps.platform.clock.selectors import site_now
from apps.platform.core.tradetime import PACIFIC
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.ui.api import api_viewer, plain, refuse, violations_response
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.form_fields import FileOrRows
from apps.platform.ui.requests import actor_of
from apps.platform.ui.serializers import FactField, KnownChoiceField, ViolationSerializer
from apps.platform.ui.workflow import WORKFLOWS, CreateForm, Transition, Workflow


def _choices(field: Any) -> list[tuple[str, str]]:
    return [(str(value), str(text)) for value, text in field.choices]


def _field(field: Any) -> serializers.Field[Any, Any, Any, Any]:
    words: dict[str, Any] = {"required": field.required, "help_text": str(field.help_text or "")}
    if isinstance(field, forms.JSONField):
        return serializers.ListField(child=serializers.DictField(), **words)
    if isinstance(field, forms.MultipleChoiceField):
        known = ", ".join(value for value, _ in _choices(field))
        words["help_text"] = f"{words['help_text']} Any of {known}.".strip()
        return serializers.ListField(child=serializers.CharField(max_length=40), **words)
    if isinstance(field, forms.ChoiceField):
        return KnownChoiceField(
            choices=[c for c in _choices(field) if c[0]], allow_blank=not field.required, **words
        )
    if isinstance(field, forms.BooleanField):
        return serializers.BooleanField(**words)
    if isinstance(field, forms.DateTimeField):
        return serializers.DateTimeField(allow_null=not field.required, **words)
    if isinstance(field, forms.DateField):
        return serializers.DateField(allow_null=not field.required, **words)
    if isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField):
        bounds: dict[str, Any] = {"min_value": field.min_value, "max_value": field.max_value}
        return serializers.IntegerField(allow_null=not field.required, **bounds, **words)
    longest = getattr(field, "max_length", None)
    return serializers.CharField(allow_blank=not field.required, max_length=longest, **words)


def body_of(
    name: str, form: type[forms.Form] | None, *, note: bool, note_needed: bool = False
) -> Any:
    """Return the serializer of a form's fields; decimals travel as texts, documents apart.

    A file of rows is sent with the fields, as multipart/form-data.
    """
    base = form.base_fields if form else {}
    fields = {n: _field(f) for n, f in base.items() if not isinstance(f, forms.FileField)}
    if form is not None and issubclass(form, FileOrRows):
        said = "CSV or XLSX, by multipart/form-data; or send the rows as text"
        fields["file"] = serializers.FileField(
            required=False, allow_empty_file=True, help_text=said
        )
    if note:
        fields["note"] = serializers.CharField(
            required=note_needed, allow_blank=not note_needed, max_length=500
        )
    return inline_serializer(name, fields)


def filled(form: type[forms.Form], data: dict[str, Any]) -> forms.Form:
    """Return a form filled with what the API was sent; raises ValidationFailed with every error.

    Values of its file fields are files.
    """
    given = {k: list(v) if isinstance(v, set) else v for k, v in data.items() if v is not None}
    given |= {k: "" for k, v in given.items() if isinstance(v, str) and not seen_text(v)}
    files = {k for k, f in form.base_fields.items() if isinstance(f, forms.FileField)}
    sent: MultiValueDict[str, Any] = MultiValueDict()
    for name in files & set(given):
        sent[name] = given.pop(name)
    found = form(given, sent)
    if not found.is_valid():
        raise ValidationFailed(
            Violation("API-invalid", " ".join(map(str, said)), column="" if n == "__all__" else n)
            for n, said in found.errors.items()
        )
    return found


def _pacific(value: Any) -> Any:
    """Return a value as JSON says it; a moment in Pacific time, as its page says it."""
    return plain(value.astimezone(PACIFIC) if isinstance(value, datetime) else value)


def shown(desk: Workflow, case: Any, viewer: Any) -> dict[str, Any]:
    """Return a case as the API shows it."""
    said = {} if desk.violations is None else {"violations": desk.violations(case)}
    return {
        "id": case.pk,
        "state": desk.state_of(case, viewer),
        "title": desk.heading(case),
        "opened_by": case.opened_by.username,
        "opened_at": _pacific(case.opened_at),
        "facts": {
            fact.label: None if fact.value in (None, "") else _pacific(fact.value)
            for fact in desk.facts(case, viewer)
        },
        "moves": [move.action for move, _ in desk.open_moves(case, viewer)],
        "doubts": sorted({s for said in desk.doubts_by_move(case).values() for s in said}),
        **said,
    }


def case_shape(desk: Workflow) -> Any:
    """Return how a case looks, for the description of the API; one shape a desk."""
    return _shape(desk.name)


@cache
def _shape(name: str) -> Any:
    desk = WORKFLOWS[name]
    said = {} if desk.violations is None else {"violations": ViolationSerializer(many=True)}
    return inline_serializer(
        f"{desk.name}-case",
        {
            "id": serializers.IntegerField(),
            "state": serializers.CharField(help_text=", ".join(desk.model.STATES.names)),
            "title": serializers.CharField(),
            "opened_by": serializers.CharField(),
            "opened_at": serializers.DateTimeField(help_text="Pacific time, with its offset"),
            "facts": serializers.DictField(
                child=FactField(allow_null=True), help_text="what its page shows, by its label"
            ),
            "moves": serializers.ListField(child=serializers.CharField()),
            "doubts": serializers.ListField(
                child=serializers.CharField(),
                help_text="what looks unlikely; who decides the case answers for it in a note",
            ),
            **said,
        },
    )


def open_api(desk: Workflow) -> type[APIView]:
    """Return the API view that opens cases of a desk."""
    if desk.opening is None:
        raise LookupError(f"nobody opens a {desk.noun}")
    opening: CreateForm = desk.opening
    body = body_of(f"{desk.name}-opening", opening.form, note=False)
    examples = (
        [OpenApiExample("usual", value=dict(opening.example), request_only=True)]
        if opening.example
        else []
    )

    class View(APIView):
        @extend_schema(
            operation_id=f"{desk.name}_open",
            summary=opening.title,
            description=opening.intro,
            tags=["cases"],
            request=body,
            responses={201: case_shape(desk)},
            examples=examples,
        )
        def post(self, request: Request) -> Response:
            viewer = api_viewer(request, opening.roles)
            sent = body_of_request(request, type(body))
            try:
                form = filled(opening.form, sent)
                case = opening.perform(actor=actor_of(request), at=site_now(), **form.cleaned_data)
            except ValidationFailed as trouble:
                return violations_response(trouble.violations, 400)
            return Response(shown(desk, case, viewer), status=201)

    return View


def show_api(desk: Workflow) -> type[APIView]:
    """Return the API view that shows one case of a desk."""

    class View(APIView):
        @extend_schema(
            operation_id=f"{desk.name}_show",
            summary=f"One {desk.noun}",
            tags=["cases"],
            responses={200: case_shape(desk)},
        )
        def get(self, request: Request, case_id: int) -> Response:
            viewer = api_viewer(request, desk.roles)
            case = _case(desk, case_id, viewer)
            if desk.of_parties:
                note_read(
                    viewer=viewer,
                    what=f"api {desk.noun} {case_id}",
                    at=site_now(),
                    address=request.get_full_path(),
                    party_id=getattr(case, "sc_id", None),
                )
            return Response(shown(desk, case, viewer))

    return View


def deciding(desk: Workflow, action: str) -> bool:
    """Whether an action decides a case, so that a token needs the scope ``approve`` for it.

    It does where any of its moves asks for a second person or for somebody other than the
    reviewer, or where approvers alone may take it.
    """
    return any(
        m.second_person or m.not_by or (m.roles and m.roles <= APPROVERS)
        for m in desk.model.STATES.moves
        if m.action == action
    )


def move_api(desk: Workflow, action: str, step: Transition) -> type[APIView]:
    """Return the API view of one move."""
    name = f"{desk.name}-{action.replace('_', '-')}"
    body = body_of(name, step.form, note=True, note_needed=step.note_needed)

    class View(APIView):
        decides = frozenset({action}) if deciding(desk, action) else frozenset()

        @extend_schema(
            operation_id=f"{desk.name}_{action}",
            tags=["cases"],
            request=body,
            summary=f"{action.replace('_', ' ').capitalize()} a {desk.noun}",
            responses={200: case_shape(desk)},
        )
        def post(self, request: Request, case_id: int) -> Response:
            viewer = api_viewer(request, desk.roles)
            _case(desk, case_id, viewer)
            if not desk.may_move(action, viewer):
                raise PermissionDenied(f"Your roles do not allow you to {action} a {desk.noun}.")
            sent = body_of_request(request, type(body))
            data = dict(sent)
            note = data.pop("note", "")
            try:
                form = filled(step.form, data) if step.form else None
                done = step.perform(
                    case_id=case_id,
                    actor=actor_of(request),
                    at=site_now(),
                    note=note,
                    **(form.cleaned_data if form else {}),
                )
            except ValidationFailed as trouble:
                return violations_response(trouble.violations, 400)
            except MoveRefused as trouble:
                return refuse("CASE-MOVE", str(trouble), 409)
            return Response(shown(desk, done, viewer))

    return View


def _case(desk: Workflow, case_id: int, viewer: Any) -> Any:
    try:
        return desk.get(case_id=case_id, viewer=viewer)
    except desk.model.DoesNotExist:
        raise Http404 from None

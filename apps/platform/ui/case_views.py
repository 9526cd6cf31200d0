"""Pages of every case desk: open a case, show it, move it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator

from apps.platform.accounts.rules import Viewer
from apps.platform.audit.selectors import decision_of, events_of
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now
from apps.platform.core.violations import ValidationFailed
from apps.platform.core.words import counted
from apps.platform.ui.methods import method_refused, serves
from apps.platform.ui.requests import actor_of, admit, note_reading, posted, seen_fields
from apps.platform.ui.row_editor import RowsField, rows_changed, totals_shown, unseen_total
from apps.platform.ui.workflow import Choices, Transition, Workflow, panels_of


def add_violations(form: forms.Form, trouble: ValidationFailed) -> None:
    """Put each violation beside the field it is about, or above the form."""
    for violation in trouble.violations:
        name, row = [*violation.column.removesuffix("]").split("["), ""][:2]
        field = form.fields.get(name)
        if row and isinstance(field, RowsField):
            field.row_fault(int(row), violation.message)
        else:
            form.add_error(name if field else None, f"{violation.code}: {violation.message}")
    for name, field in form.fields.items():
        if isinstance(field, RowsField) and field.widget.faults:
            form.add_error(
                name,
                f"{counted(len(field.widget.faults), 'row')} to correct: see the "
                "sentence beneath each.",
            )


def offer_choices(form: forms.Form, choices: Mapping[str, Choices]) -> None:
    """Let a person choose what would be typed otherwise; programs still send the text."""
    for name, offered in choices.items():
        first = [] if len(offered) == 1 else [("", "Choose one" if offered else "None to choose")]
        form.fields[name].widget = forms.Select(choices=[*first, *offered])


class CaseViews:
    """The pages of one desk."""

    def __init__(self, desk: Workflow) -> None:
        self.desk = desk

    def _case(self, request: HttpRequest, case_id: int) -> Any:
        viewer = admit(request, self.desk.roles)
        try:
            return viewer, self.desk.get(case_id=case_id, viewer=viewer)
        except self.desk.model.DoesNotExist:
            raise Http404 from None

    @method_decorator(login_required)
    @serves("GET", "POST")
    def open(self, request: HttpRequest) -> HttpResponse:
        """Show the form that opens a case, and take it."""
        opening = self.desk.opening
        if opening is None:
            raise Http404
        viewer = admit(request, opening.roles)
        if request.method != "POST":
            begun = dict(opening.prefill(viewer, request.GET.dict()))
            return self._form(request, viewer, opening.form(initial=begun))
        changed = rows_changed(opening.form, request.POST)
        if changed is not None:
            return self._form(request, viewer, changed)
        form = opening.form(seen_fields(request.POST), request.FILES)
        if form.is_valid():
            unseen = unseen_total(form, request.POST)
            if unseen is not None:
                return self._form(request, viewer, unseen)
            try:
                case = opening.perform(actor=actor_of(request), at=site_now(), **form.cleaned_data)
                self._say_opened(request, case)
                return redirect(f"{self.desk.name}-case", case.pk)
            except ValidationFailed as trouble:
                add_violations(form, trouble)
        return self._form(request, viewer, form)

    def _say_opened(self, request: HttpRequest, case: Any) -> None:
        """Say what became of a new case: good news only where nothing refused it."""
        said = f"{self.desk.heading(case)}: {case.state}."
        found = self.desk.violations(case) if self.desk.violations else []
        errors = [v for v in found if v["severity"] == "error"]
        if errors:
            messages.error(request, f"{said} The violations below say what to do.")
        else:
            messages.success(request, said)

    def _form(self, request: HttpRequest, viewer: Viewer, form: forms.Form) -> HttpResponse:
        opening = self.desk.opening
        assert opening is not None
        offer_choices(form, opening.choices(viewer))
        context = {
            "form": form,
            "desk": self.desk,
            "opening": opening,
            "totals": totals_shown(form),
        }
        return render(request, "ui/case_open.html", context, status=400 if form.errors else 200)

    @method_decorator(login_required)
    def show(self, request: HttpRequest, case_id: int) -> HttpResponse:
        """Show a case: its facts, what may be done with it, its history."""
        viewer, case = self._case(request, case_id)
        if self.desk.of_parties:
            note_reading(request, f"{self.desk.noun} {case_id}", getattr(case, "sc_id", None))
        return self._page(request, viewer, case, {})

    def _page(
        self, request: HttpRequest, viewer: Any, case: Any, tried: dict[str, forms.Form]
    ) -> HttpResponse:
        desk = self.desk
        panels = [
            render_to_string(template, {"case": case, "viewer": viewer, **context}, request)
            for template, context in panels_of(desk, case, viewer)
        ]
        open_moves = desk.open_moves(case, viewer)
        doubts = desk.doubts_by_move(case)
        moves = [
            (move, step, tried.get(move.action) or self._blank(step, case), step.lacks(case))
            for move, step in open_moves
            if not move.ends
        ]
        first = next((m.action for m, _, _, _ in moves if m.source != m.target), "")
        return render(
            request,
            "ui/case.html",
            {
                "desk": desk,
                "case": case,
                "heading": desk.heading(case),
                "facts": [f for f in desk.facts(case, viewer) if f.value not in (None, "")],
                "panels": panels,
                "moves": moves,
                "first": first or (moves[0][0].action if moves else ""),
                "endings": [move for move, _ in open_moves if move.ends],
                "totals": [said for form in tried.values() for said in totals_shown(form)],
                "draws": any("data-chart=" in panel for panel in panels),
                "doubts": dict.fromkeys(chain.from_iterable(doubts.values())),
                "answering": set(doubts),
                "waits": desk.waits_for_second(case, viewer),
                "links": desk.links(case, viewer),
                "events": events_of(case),
                "decision": decision_of(case),
                "state": desk.state_of(case, viewer),
            },
            status=400 if any(form.errors for form in tried.values()) else 200,
        )

    def _blank(self, step: Transition, case: Any) -> forms.Form | None:
        return step.form(initial=dict(step.prefill(case))) if step.form else None

    def _ask(
        self, request: HttpRequest, case: Any, action: str, tried: forms.Form | None = None
    ) -> HttpResponse:
        """Ask before a case is ended: what happens, why, and a way back."""
        step = self.desk.steps[action]
        move = case.STATES.move(state=case.state, action=action)
        context = {
            "desk": self.desk,
            "case": case,
            "heading": self.desk.heading(case),
            "move": move,
            "step": step,
            "form": tried or self._blank(step, case),
        }
        return render(request, "ui/case_ask.html", context, status=400 if tried else 200)

    @method_decorator(login_required)
    @serves("GET", "POST")
    def move(self, request: HttpRequest, case_id: int, action: str) -> HttpResponse:
        """Make a move of a case; one that ends it is asked about first."""
        viewer, case = self._case(request, case_id)
        step: Transition | None = self.desk.steps.get(action)
        if step is None:
            raise Http404
        if not self.desk.may_move(action, viewer):
            raise PermissionDenied(f"Your roles do not allow you to {action} a {self.desk.noun}.")
        ends = any(m.ends for m, _ in self.desk.open_moves(case, viewer) if m.action == action)
        if request.method != "POST":
            return self._before(request, case, action, ends=ends)
        changed = rows_changed(step.form, request.POST) if step.form else None
        if changed is not None:
            return self._page(request, viewer, case, {action: changed})
        form = step.form(seen_fields(request.POST), request.FILES) if step.form else None
        if form is not None and form.is_valid():
            unseen = unseen_total(form, request.POST)
            if unseen is not None:
                return self._page(request, viewer, case, {action: unseen})
        return self._make(request, viewer, case, action, form, ends=ends)

    def _before(self, request: HttpRequest, case: Any, action: str, *, ends: bool) -> HttpResponse:
        """Ask before a move that ends the case; other moves are made from the case's page."""
        if ends:
            return self._ask(request, case, action)
        if not any(m.ends for m in case.STATES.moves if m.action == action):
            return method_refused(request, ["POST"])
        messages.error(request, "That is not open to you now; see what is, below.")
        return redirect(f"{self.desk.name}-case", case.pk)

    def _make(
        self,
        request: HttpRequest,
        viewer: Viewer,
        case: Any,
        action: str,
        form: forms.Form | None,
        *,
        ends: bool,
    ) -> HttpResponse:
        """Make a move with what was typed, or show the form again with what is wrong."""
        step, note = self.desk.steps[action], posted(request, "note", 500)
        back = redirect(f"{self.desk.name}-case", case.pk)
        if form is None or form.is_valid():
            if step.note_needed and not note:
                messages.error(request, "Say why in a sentence; it is kept with the step.")
                return self._ask(request, case, action, form) if ends else back
            try:
                done = step.perform(
                    case_id=case.pk,
                    actor=actor_of(request),
                    at=site_now(),
                    note=note,
                    **(form.cleaned_data if form else {}),
                )
                messages.success(request, f"{self.desk.heading(done)} is now {done.state}.")
                return back
            except (ValidationFailed, MoveRefused) as trouble:
                if form is None or not isinstance(trouble, ValidationFailed):
                    messages.error(request, str(trouble))
                    return back
                add_violations(form, trouble)
        if ends:
            return self._ask(request, case, action, form)
        return self._page(request, viewer, case, {action: form})

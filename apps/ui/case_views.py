"""Pages of every case desk: open a case, show it, move it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from apps.audit.selectors import events_of
from apps.audit.services import MoveRefused
from apps.kernel.findings import Refusal
from apps.ui.casework import CaseDesk, Step, panels_of
from apps.ui.views import actor_of, admit, note_reading, posted


def add_findings(form: forms.Form, trouble: Refusal) -> None:
    """Put each finding beside the field it is about, or above the form."""
    for finding in trouble.findings:
        name = finding.column if finding.column in form.fields else None
        form.add_error(name, f"{finding.code}: {finding.message}")


class CaseViews:
    """The pages of one desk."""

    def __init__(self, desk: CaseDesk) -> None:
        self.desk = desk

    def _case(self, request: HttpRequest, case_id: int) -> Any:
        viewer = admit(request, self.desk.roles)
        try:
            return viewer, self.desk.get(case_id=case_id, viewer=viewer)
        except self.desk.model.DoesNotExist:
            raise Http404 from None

    @method_decorator(login_required)
    def open(self, request: HttpRequest) -> HttpResponse:
        """Show the form that opens a case, and take it."""
        opening = self.desk.opening
        if opening is None:
            raise Http404
        viewer = admit(request, opening.roles)
        posted_form = request.method == "POST"
        form = (
            opening.form(request.POST, request.FILES)
            if posted_form
            else opening.form(initial=dict(opening.prefill(viewer, request.GET.dict())))
        )
        if posted_form and form.is_valid():
            try:
                case = opening.perform(
                    actor=actor_of(request), at=timezone.now(), **form.cleaned_data
                )
                messages.success(request, f"{self.desk.heading(case)}: {case.state}.")
                return redirect(f"/{self.desk.name}/{case.pk}/")
            except Refusal as trouble:
                add_findings(form, trouble)
        context = {"form": form, "desk": self.desk, "opening": opening}
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
        moves = [
            (
                move,
                step,
                tried.get(move.action)
                or (step.form(initial=dict(step.prefill(case))) if step.form else None),
            )
            for move, step in desk.open_moves(case, viewer)
        ]
        return render(
            request, "ui/case.html",
            {
                "desk": desk, "case": case, "heading": desk.heading(case),
                "facts": [f for f in desk.facts(case, viewer) if f.value not in (None, "")],
                "panels": panels, "moves": moves,
                "draws": any("data-chart=" in panel for panel in panels),
                "waits": desk.waits_for_second(case, viewer), "links": desk.links(case, viewer),
                "events": events_of(case), "state": desk.state_of(case, viewer),
            },
            status=400 if tried else 200,
        )  # fmt: skip

    @method_decorator([login_required, require_POST])
    def move(self, request: HttpRequest, case_id: int, action: str) -> HttpResponse:
        """Make a move of a case."""
        viewer, case = self._case(request, case_id)
        step: Step | None = self.desk.steps.get(action)
        if step is None:
            raise Http404
        if not self.desk.may_move(action, viewer):
            raise PermissionDenied(f"Your roles do not allow you to {action} a {self.desk.noun}.")
        note = posted(request, "note", 500)
        form = step.form(request.POST, request.FILES) if step.form else None
        if form is not None and not form.is_valid():
            return self._page(request, viewer, case, {action: form})
        if step.note_needed and not note:
            messages.error(request, "Say why in a sentence; it is kept with the step.")
            return redirect(f"/{self.desk.name}/{case_id}/")
        try:
            done = step.perform(
                case_id=case_id, actor=actor_of(request), at=timezone.now(), note=note,
                **(form.cleaned_data if form else {}),
            )  # fmt: skip
            messages.success(request, f"{self.desk.heading(done)} is now {done.state}.")
        except Refusal as trouble:
            if form is not None:
                add_findings(form, trouble)
                return self._page(request, viewer, case, {action: form})
            messages.error(request, str(trouble))
        except MoveRefused as trouble:
            messages.error(request, str(trouble))
        return redirect(f"/{self.desk.name}/{case_id}/")

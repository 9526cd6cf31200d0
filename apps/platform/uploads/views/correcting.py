"""The page where rejected rows are corrected cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.clock.selectors import site_now
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit, posted
from apps.platform.uploads import selectors, services
from apps.platform.uploads.views.sending import kind_or_404

CELL = re.compile(r"^cell-(\d{1,9})-(\w{1,60})$")
MEANT = re.compile(r"^(\d{1,9})-(\w{1,60})-(\d{1,2})$")
Place = tuple[int, str]


@login_required
@serves("GET", "POST")
def upload_correct(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show rejected rows cell by cell, and send the file again as it was corrected here.

    A button beside a cell fills it with what its text may mean, and leads back to the page with all
    that was typed; a script does the same at once.
    """
    viewer = admit(request, ISO_ROLES)
    upload = get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
    grid = services.rejected_grid(upload)
    violations: list[Any] = []
    typed, dropped = _typed(request, grid.rows), _numbers(request.POST.getlist("drop"))
    marked = set(request.POST.getlist("replace"))
    filled = _filled(posted(request, "use"), grid.rows)
    if filled:
        typed |= filled
    elif request.method == "POST":
        try:
            corrected = services.correct_rows(
                upload_id=upload.pk,
                changes=_replaced(grid.replacements, marked) | typed,
                dropped=dropped,
                actor=actor_of(request),
                at=site_now(),
            )
            services.read_or_queue(upload=corrected, actor=actor_of(request), at=site_now())
            return redirect("upload", corrected.pk)
        except services.UploadRefused as trouble:
            violations = trouble.violations
    context = {
        "upload": upload,
        "kind": kind_or_404(upload.kind),
        "grid": grid,
        "rows": _as_typed(grid.rows, typed, next(iter(filled), None)),
        "dropped": dropped,
        "replacements": [(_mark(r), _mark(r) in marked, r) for r in grid.replacements],
        "violations": violations,
    }
    return render(request, "uploads/correct.html", context, status=400 if violations else 200)


def _numbers(texts: Iterable[str]) -> set[int]:
    return {int(text) for text in texts if text.isdecimal() and len(text) < 10}


def _typed(request: HttpRequest, rows: list[services.RejectedRow]) -> dict[Place, str]:
    """Return the cells whose text differs from the file's."""
    shown = {(r.line, c.name): c.text for r in rows for c in r.cells}
    changes = {}
    for name in request.POST:
        found = CELL.match(name)
        if found:
            place = (int(found[1]), found[2])
            text = posted(request, name, 200)
            if shown.get(place, text) != text:
                changes[place] = text
    return changes


def _filled(asked: str, rows: list[services.RejectedRow]) -> dict[Place, str]:
    """Return the cell that a button asks to fill, with one of the meanings of its text."""
    found = MEANT.match(asked)
    if not found:
        return {}
    line, name, number = int(found[1]), found[2], int(found[3])
    cells = [c for r in rows if r.line == line for c in r.cells if c.name == name]
    meanings = cells[0].readings if cells else ()
    return {(line, name): meanings[number]} if number < len(meanings) else {}


def _mark(replacement: services.Replacement) -> str:
    return f"{replacement.name}-{replacement.lines[0]}"


def _replaced(found: list[services.Replacement], marked: set[str]) -> dict[Place, str]:
    return {(line, r.name): r.instead for r in found if _mark(r) in marked for line in r.lines}


def _as_typed(
    rows: list[services.RejectedRow], typed: dict[Place, str], after: Place | None
) -> list[services.RejectedRow]:
    """Return the rows with what was typed; after a cell was filled the page begins at the next."""
    left = [(r.line, c.name) for r in rows for c in r.cells if c.violation]
    at = left.index(after) + 1 if after in left else 0
    begins = next((p for p in left[at:] + left[:at] if p not in typed), None)
    return [
        replace(
            row,
            cells=[
                replace(
                    cell,
                    text=typed.get((row.line, cell.name), cell.text),
                    first=(row.line, cell.name) == begins,
                )
                for cell in row.cells
            ],
        )
        for row in rows
    ]

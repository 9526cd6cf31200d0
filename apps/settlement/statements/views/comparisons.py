"""Pages that hold two sets of lines side by side: runs, days, a run to publish, a shadow file."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.platform.accounts.codes import ISO_ROLES, SIGNED_IN
from apps.platform.core.violations import ValidationFailed
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import admit, note_reading
from apps.platform.uploads.services import file_bytes
from apps.settlement.settlements.selectors import settled_runs
from apps.settlement.statements import selectors, services


@login_required
def comparison(request: HttpRequest) -> HttpResponse:
    """Compare two runs or days, problems first."""
    viewer = admit(request, SIGNED_IN)
    context: dict[str, Any] = {"query": request.GET}
    status = 200
    if request.GET.get("old") or request.GET.get("new"):
        try:
            found = services.compared(request.GET, viewer)
            note_reading(request, f"comparison of {found.old} and {found.new}")
            context |= {"c": found} | _pages(request, found)
        except ValidationFailed as trouble:
            context["trouble"], status = str(trouble), 400
    return render(request, "statements/compare.html", context, status=status)


def _pages(request: HttpRequest, found: services.Comparison) -> dict[str, Any]:
    query = request.GET.copy()
    page = services.page_of(query)
    query.pop("page", None)
    last = max(1, -(-found.differing // services.LINES_A_PAGE))
    return {"page_no": page, "last_page": last, "kept": query.urlencode()}


@login_required
def publication_preview(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show what publishing a run would change: who moves, by how much, where and why."""
    viewer = admit(request, ISO_ROLES)
    run = get_object_or_404(settled_runs(viewer=viewer), pk=run_id)
    try:
        asked = services.asked_of(request.GET, viewer)
    except ValidationFailed as trouble:
        raise Http404(str(trouble)) from None
    asked.pop("sc_id")
    found = services.preview(run=run, viewer=viewer, **asked)
    note_reading(request, f"preview of publishing {run}")
    return render(
        request, "statements/preview.html", {"run": run, "c": found} | _pages(request, found)
    )


@login_required
@serves("GET", "POST")
def shadow(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Hold a file of one's own figures against a statement; nothing of it is kept."""
    viewer = admit(request, SIGNED_IN)
    statement = get_object_or_404(selectors.statements(viewer=viewer), pk=statement_id)
    note_reading(request, f"shadow of statement {statement}", statement.sc_id)
    context: dict[str, Any] = {"statement": statement, "least": request.POST.get("least", "")}
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise ValidationFailed.because("SHD-FILE", "Choose a file of your figures.", "file")
            context["s"] = services.shadow(
                statement=statement,
                content=file_bytes(file),
                least=services.least_of(request.POST.get("least", "")),
            )
        except ValidationFailed as trouble:
            context["violations"], status = trouble.violations, 400
    return render(request, "statements/shadow.html", context, status=status)


@login_required
def run_causes(request: HttpRequest, old_id: int, new_id: int) -> HttpResponse:
    """Split the change between two runs of a trade date by cause."""
    viewer = admit(request, ISO_ROLES)
    kept = settled_runs(viewer=viewer)
    old, new = get_object_or_404(kept, pk=old_id), get_object_or_404(kept, pk=new_id)
    sc = request.GET.get("sc", "")
    context: dict[str, Any] = {"old": old, "new": new, "sc": sc}
    try:
        asked = services.asked_of({"sc": sc}, viewer)
        context["w"] = services.why(old=old, new=new, sc_id=asked["sc_id"])
    except ValidationFailed as trouble:
        context["trouble"] = str(trouble)
    note_reading(request, f"causes between {old} and {new}")
    status = 400 if "trouble" in context else 200
    return render(request, "statements/run_causes.html", context, status=status)

"""Pages of an upload: its violations and preview, decisions, corrections, one row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.selectors import viewer_of
from apps.platform.audit.selectors import decision_of, events_of
from apps.platform.audit.services import MoveRefused
from apps.platform.clock.selectors import site_now
from apps.platform.core.violations import Severity, grouped
from apps.platform.core.words import counted
from apps.platform.jobs.selectors import job_about, progress_of
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit, note_reading, posted
from apps.platform.uploads import selectors, services
from apps.platform.uploads.codes import COVERS
from apps.platform.uploads.hooks import UploadKind, kind
from apps.platform.uploads.models import Upload
from apps.platform.uploads.views.sending import kind_or_404

MOST_TOUCHED = 12  # trade dates that stand open; the others open with a click


@login_required
def upload_detail(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show an upload: state, violations, what it would change, and what the viewer may do."""
    viewer = admit(request, ISO_ROLES)
    upload = get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
    wanted = kind_or_404(upload.kind)
    own = upload.opened_by_id == viewer.user_id
    found = selectors.violations(upload=upload)
    severity = request.GET.get("severity", "")
    severity = severity if severity in {s.value for s in Severity} else ""
    severities = _severities(found)
    if severity:
        found = found.filter(severity=severity)
    said = grouped(
        found.values("severity", "code", "column", "message", "line", "value"),
        each="each" in request.GET,
    )
    said.sort(key=lambda group: WEIGHT.index(group.severity))  # what blocks stands first
    page = Paginator(said, 50).get_page(request.GET.get("page"))
    ready = upload.state == "READY"
    touched = services.consequences(upload)
    context = {
        "upload": upload,
        "kind": wanted,
        "violations": page,
        "severity": severity,
        "severities": severities,
        "counts": _counts(upload),
        "moved": _moved(upload) if ready else None,
        "told_options": _told(wanted, upload.options),
        "each": "each" in request.GET,
        "together": any(group.count > 1 for group in said),
        "names": {f.header: f.name for f in wanted.layout.fields},
        "periods": upload.preview.get("periods", []),
        "columns": {f.name: f.header for f in wanted.layout.fields},
        "versions": upload.versions.all(),
        "events": events_of(upload),
        "decision": decision_of(upload) if upload.decided_by_id else None,
        "own": own,
        "may_confirm": ready
        and viewer.may(wanted.confirm_roles)
        and not (own and upload.second_person),
        "waits_for_second": ready and own and upload.second_person,
        "approvers": services.approvers(upload, site_now())
        if ready and upload.second_person
        else [],
        "ready_warnings": selectors.violations(upload=upload)
        .filter(severity="warning")
        .exclude(code__in=wanted.plausibility_codes)[:5]
        if ready
        else [],
        "unlikely": selectors.plausibility_shown(upload=upload).select_related(
            "acknowledgement__acknowledged_by"
        ),
        "touched": touched[:MOST_TOUCHED],
        "touched_more": touched[MOST_TOUCHED:],
        "touched_count": len(touched),
        "touched_last": touched[-1] if touched else None,
        "outdated": services.outdated_pages(upload),
        "correctable": bool(upload.row_count) and selectors.has_wrong_rows(upload=upload),
        "questions": services.questions(upload) if viewer.may(wanted.upload_roles) else [],
        "others": _others(upload, viewer),
        "may_withdraw": ready and (own or viewer.may(wanted.confirm_roles)),
        "waiting": upload.state == "RECEIVED",
    }
    if upload.state == "RECEIVED":
        job = job_about("read-upload", upload_id=upload.pk)
        context |= {"job": job, "progress": progress_of(job, site_now()) if job else None}
    htmx = getattr(request, "htmx", None)
    template = "uploads/_detail.html" if htmx and not htmx.boosted else "uploads/detail.html"
    return render(request, template, context)


WEIGHT = (Severity.ERROR, Severity.WARNING, Severity.INFO)
CALLED = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "notes"}


def _severities(found: QuerySet[Any]) -> list[tuple[str, str, int]]:
    """Return the severities of violations that there are, in words, with how many; all first."""
    counts = Counter(found.values_list("severity", flat=True))
    each = [(s.value, CALLED[s], counts[s.value]) for s in WEIGHT if counts[s.value]]
    return [("", "all", sum(counts.values())), *each] if len(each) > 1 else each


def _counts(upload: Upload) -> str:
    """Return in one sentence what the reading found."""
    errors, warnings = upload.error_count or 0, upload.warning_count or 0
    said = [counted(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return f"{counted(upload.row_count or 0, 'row')} read, {', '.join(said) or 'no errors'}."


def _moved(upload: Upload) -> dict[str, int]:
    """Return how many rows of all periods the file adds, changes, removes, keeps, leaves alone."""
    periods = upload.preview.get("periods", [])
    names = ("added", "changed", "removed", "kept", "unchanged")
    return {name: sum(p.get(name, 0) for p in periods) for name in names}


def _told(wanted: UploadKind, options: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what the sender said beside the file: labels and words, not names and codes."""
    declared = {o.name: o for o in (*wanted.options, COVERS)}
    return [
        (declared[name].label, dict(declared[name].choices).get(value, value))
        if name in declared
        else (name.replace("_", " "), value)
        for name, value in options.items()
    ]


def _others(upload: Upload, viewer: Viewer) -> list[UploadKind]:
    """Return what a refused file could be sent as instead."""
    if upload.state != "REFUSED" or upload.row_count:
        return []
    return services.other_kinds(upload.preview, upload.kind, viewer)


ACKNOWLEDGED = re.compile(r"^acknowledge-(\d{1,18})$")


def _acknowledged(request: HttpRequest) -> dict[int, str]:
    """Return the reasons typed beside warnings of plausibility, by the key of the violation."""
    found = {name: ACKNOWLEDGED.match(name) for name in request.POST}
    return {int(at[1]): posted(request, name) for name, at in found.items() if at}


@login_required
@serves("POST")
def upload_decide(request: HttpRequest, upload_id: int, action: str) -> HttpResponse:
    """Confirm, withdraw or check an upload again."""
    viewer = admit(request, ISO_ROLES)
    get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
    reason = posted(request, "reason")
    now = site_now()
    try:
        if action == "confirm":
            _, versions = services.confirm(
                upload_id=upload_id,
                actor=actor_of(request),
                at=now,
                reason=reason,
                acknowledged=_acknowledged(request),
            )
            made = "; ".join(v.title for v in versions[:5]) or "nothing changed"
            messages.success(request, f"Confirmed: {made}.")
            leads = kind(versions[0].upload.kind).leads_to if versions else None
            if leads is not None:  # to what the file set off
                return redirect(leads(versions[-1].period)[1])
        elif action == "withdraw":
            services.withdraw(upload_id=upload_id, actor=actor_of(request), at=now, reason=reason)
            messages.success(request, "Withdrawn; nothing was loaded.")
        elif action == "reread":
            services.reread(upload_id=upload_id, actor=actor_of(request), at=now)
            messages.success(request, "Checked again, against what is on file now.")
        else:
            raise Http404
    except (services.ConfirmRefused, MoveRefused) as trouble:
        messages.error(request, str(trouble))
    return redirect("upload", upload_id)


@login_required
def upload_rejects(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Send the rejected rows back in their own layout, plus a violation column."""
    viewer = admit(request, ISO_ROLES)
    upload = get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
    response = HttpResponse(services.rejected_rows(upload), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="rejected-{upload.pk}.csv"'
    return response


@login_required
def upload_file(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Send the file as it was received."""
    viewer = admit(request, ISO_ROLES)
    upload = get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
    response = HttpResponse(bytes(upload.content.content), content_type="application/octet-stream")
    safe = upload.file_name.replace('"', "")
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response


@login_required
def upload_difference(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show every row an upload would add, change or end; or send them as CSV."""
    viewer = admit(request, ISO_ROLES)
    upload = get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
    layout = kind_or_404(upload.kind).layout
    found = services.all_changes(upload)
    if request.GET.get("form") == "csv":
        response = HttpResponse(services.changes_csv(found, layout), content_type="text/csv")
        response["Content-Disposition"] = f'attachment; filename="changes-{upload.pk}.csv"'
        return response
    counts = Counter(c["change"] for c in found)
    change = request.GET.get("change", "")
    rows = [c for c in found if not change or c["change"] == change]
    context = {
        "upload": upload,
        "page": Paginator(rows, 100).get_page(request.GET.get("page")),
        "keys": [layout.field(k).header for k in layout.key],
        "counts": {"all": len(found), **{n: counts[n] for n in ("changed", "added", "removed")}},
        "change": change,
    }
    return render(request, "uploads/difference.html", context)


@login_required
def uploaded_row(request: HttpRequest, version_id: int, line_no: int) -> HttpResponse:
    """Show one uploaded row as received, to the ISO and to the SC whose row it is."""
    viewer = viewer_of(request.user)
    try:
        version, line_no, row = services.uploaded_row(
            viewer=viewer, version_id=version_id, line_no=line_no
        )
    except services.RowNotYours as trouble:
        raise Http404(str(trouble)) from None
    note_reading(request, f"row {line_no} of {version}")
    return render(
        request,
        "uploads/row.html",
        {
            "version": version,
            "row": row,
            "line_no": line_no,
            "kind": kind_or_404(version.upload.kind),
        },
    )

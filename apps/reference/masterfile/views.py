"""The verification of the Master File against Appendix 2, and retrieving it by hand."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.platform.accounts.terms import ISO_ROLES
from apps.platform.jobs.services import queue
from apps.platform.kernel.tradetime import PACIFIC, is_plausible
from apps.platform.ui.views import actor_of, admit
from apps.reference.masterfile import selectors
from apps.reference.masterfile.rules import MATRIX
from apps.reference.masterfile.tasks import RETRIEVE
from apps.reference.masterfile.terms import RETRIEVERS

COLUMNS = ("resource", "contract", "vintage", "code", "severity", "column", "value", "message")


def day_asked(text: str) -> date:
    """Return the day asked for, today without one; Http404 for what is no day."""
    try:
        day = date.fromisoformat(text) if text else timezone.now().astimezone(PACIFIC).date()
    except ValueError:
        raise Http404("A day is written YYYY-MM-DD.") from None
    if not is_plausible(day):
        raise Http404("The day must lie between 1800 and 2199.")
    return day


def report_rows(day: date) -> list[dict[str, str]]:
    """Return the mismatches of a day as texts."""
    return [
        {
            "resource": m.resource, "contract": m.contract, "vintage": m.vintage,
            "code": m.finding.code, "severity": m.finding.severity.value,
            "column": m.finding.column, "value": m.finding.value, "message": m.finding.message,
        }
        for m in selectors.verification(day)[2]
    ]  # fmt: skip


@login_required
def check(request: HttpRequest) -> HttpResponse:
    """Show each mismatch between the Master File and the contracts of a day."""
    admit(request, ISO_ROLES)
    day = day_asked(request.GET.get("day", ""))
    if request.GET.get("format") == "csv":
        text = StringIO()
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        writer.writerows(report_rows(day))
        response = HttpResponse(text.getvalue(), content_type="text/csv")
        response["Content-Disposition"] = f'attachment; filename="master-file-check-{day}.csv"'
        return response
    of, count, mismatches = selectors.verification(day)
    return render(
        request, "masterfile/check.html",
        {"day": day, "of": of, "count": count, "mismatches": mismatches, "matrix": MATRIX},
    )  # fmt: skip


@login_required
def retrieve(request: HttpRequest) -> HttpResponse:
    """Ask before the source is asked, then have a worker do it."""
    admit(request, RETRIEVERS)
    if request.method != "POST":
        return render(request, "masterfile/retrieve.html", {})
    now = timezone.now()
    day = day_asked(request.POST.get("day", ""))
    job = queue(
        kind=RETRIEVE.code, title=f"Master File of {day}", actor=actor_of(request), at=now,
        arguments={"day": day.isoformat()},
    )  # fmt: skip
    return redirect("job", job.pk)

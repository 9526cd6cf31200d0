"""The page of the verification of the Master File against Appendix 2."""

from __future__ import annotations

import csv
from io import StringIO

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.core.spreadsheet_text import guarded_row
from apps.platform.ui.requests import admit, day_asked
from apps.reference.masterfile.rules import MATRIX
from apps.reliability.verification import selectors

COLUMNS = ("resource", "contract", "vintage", "code", "severity", "column", "value", "message")


@login_required
def check(request: HttpRequest) -> HttpResponse:
    """Show each mismatch between the Master File and the contracts of a day."""
    admit(request, ISO_ROLES)
    day = day_asked(request.GET.get("day", ""))
    if request.GET.get("format") == "csv":
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(guarded_row(row[c] for c in COLUMNS) for row in selectors.report_rows(day))
        response = HttpResponse(text.getvalue(), content_type="text/csv")
        response["Content-Disposition"] = f'attachment; filename="master-file-check-{day}.csv"'
        return response
    of, count, mismatches = selectors.verification(day)
    return render(
        request,
        "verification/check.html",
        {"day": day, "of": of, "count": count, "mismatches": mismatches, "matrix": MATRIX},
    )

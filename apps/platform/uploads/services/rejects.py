"""Give the rejected rows back, in the layout they came in, with what is wrong in one column."""

from __future__ import annotations

import csv
import io
from collections import defaultdict

from apps.platform.core.spreadsheet_text import guarded_row
from apps.platform.core.violations import Severity
from apps.platform.uploads.models import Upload
from apps.platform.uploads.services.staging import stage

VIOLATION_HEADER = "VIOLATION"


def rejected_rows(upload: Upload) -> str:
    """Return a CSV of the rows that have errors: same headings, and a VIOLATION column at the end.

    The file can be corrected and sent again as it is: readers ignore the extra column with a
    warning.
    """
    staged = stage(upload)
    said: dict[int, list[str]] = defaultdict(list)
    for violation in staged.violations:
        if violation.severity is Severity.ERROR and violation.line > 1:
            said[violation.line].append(f"{violation.code} {violation.column}: {violation.message}")
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    fields = staged.kind.layout.fields
    writer.writerow([*(f.header for f in fields), VIOLATION_HEADER])
    for row in staged.sheet.frame.iter_rows(named=True):
        if row["line_no"] in said:
            cells = [row[f.name] for f in fields]
            writer.writerow(guarded_row([*cells, " | ".join(said[row["line_no"]])]))
    return target.getvalue()

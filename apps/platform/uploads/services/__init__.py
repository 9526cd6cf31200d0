"""Receive, read, confirm and withdraw uploads; give rejected rows back."""

from apps.platform.uploads.services.answering import answer, questions
from apps.platform.uploads.services.apart import ReadingBusy, read_apart
from apps.platform.uploads.services.confirming import ConfirmRefused, confirm, withdraw
from apps.platform.uploads.services.correcting import (
    RejectedRow,
    Replacement,
    all_changes,
    changes_csv,
    correct_rows,
    rejected_grid,
)
from apps.platform.uploads.services.following import approvers, consequences, outdated_pages
from apps.platform.uploads.services.left import read_left
from apps.platform.uploads.services.naming_reasons import reasons_named
from apps.platform.uploads.services.party_files import file_bytes, file_words, typed_rows
from apps.platform.uploads.services.plausibility import one_reason
from apps.platform.uploads.services.queueing import read_or_queue
from apps.platform.uploads.services.reading import read_sheet
from apps.platform.uploads.services.receiving import UploadRefused, receive, size_violations
from apps.platform.uploads.services.recognising import Recognised, other_kinds, recognise, several
from apps.platform.uploads.services.rejects import rejected_rows
from apps.platform.uploads.services.rows import RowNotYours, uploaded_row
from apps.platform.uploads.services.staging import read, reread, rows_as_confirmed, tell_read
from apps.platform.uploads.services.templates import template_csv, template_xlsx
from apps.platform.uploads.services.warned import AcknowledgedViolation, acknowledged_in

__all__ = [
    "AcknowledgedViolation",
    "ConfirmRefused",
    "ReadingBusy",
    "Recognised",
    "RejectedRow",
    "Replacement",
    "RowNotYours",
    "UploadRefused",
    "acknowledged_in",
    "all_changes",
    "answer",
    "approvers",
    "changes_csv",
    "confirm",
    "consequences",
    "correct_rows",
    "file_bytes",
    "file_words",
    "one_reason",
    "other_kinds",
    "outdated_pages",
    "questions",
    "read",
    "read_apart",
    "read_left",
    "read_or_queue",
    "read_sheet",
    "reasons_named",
    "receive",
    "recognise",
    "rejected_grid",
    "rejected_rows",
    "reread",
    "rows_as_confirmed",
    "several",
    "size_violations",
    "tell_read",
    "template_csv",
    "template_xlsx",
    "typed_rows",
    "uploaded_row",
    "withdraw",
]

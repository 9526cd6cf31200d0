"""Receive, read, confirm and withdraw uploads; give rejected rows back."""

from apps.uploads.services.answering import answer, questions
from apps.uploads.services.confirming import ConfirmRefused, confirm, withdraw
from apps.uploads.services.following import approvers, consequences
from apps.uploads.services.mending import all_changes, changes_csv, mend, rejected_grid
from apps.uploads.services.party_files import file_bytes, file_words, typed_rows
from apps.uploads.services.reading import read_sheet
from apps.uploads.services.receiving import UploadRefused, receive, size_findings
from apps.uploads.services.recognising import Recognised, other_kinds, recognise, several
from apps.uploads.services.rejects import rejected_rows
from apps.uploads.services.rows import RowNotYours, uploaded_row
from apps.uploads.services.staging import read, reread, rows_as_confirmed, tell_read
from apps.uploads.services.templates import template_csv, template_xlsx
from apps.uploads.terms import kind, kinds, register_kind, watch

__all__ = [
    "ConfirmRefused",
    "Recognised",
    "RowNotYours",
    "UploadRefused",
    "all_changes",
    "answer",
    "approvers",
    "changes_csv",
    "confirm",
    "consequences",
    "file_bytes",
    "file_words",
    "kind",
    "kinds",
    "mend",
    "other_kinds",
    "questions",
    "read",
    "read_sheet",
    "receive",
    "recognise",
    "register_kind",
    "rejected_grid",
    "rejected_rows",
    "reread",
    "rows_as_confirmed",
    "several",
    "size_findings",
    "tell_read",
    "template_csv",
    "template_xlsx",
    "typed_rows",
    "uploaded_row",
    "watch",
    "withdraw",
]

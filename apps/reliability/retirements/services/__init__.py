"""File notices, take them back, route affidavits, publish the list, send the briefing."""

from apps.reliability.retirements.services.affidavits import (
    affidavit_document,
    affidavit_lacks,
    affidavit_move,
    affidavit_open,
    affidavit_submit,
)
from apps.reliability.retirements.services.briefing import briefing_pdf, send_briefing
from apps.reliability.retirements.services.filing import (
    NoticeInput,
    complete,
    file_notice,
    note_decision,
    notice_document,
    notice_lacks,
    submit,
)
from apps.reliability.retirements.services.referring import refer

__all__ = [
    "NoticeInput",
    "affidavit_document",
    "affidavit_lacks",
    "affidavit_move",
    "affidavit_open",
    "affidavit_submit",
    "briefing_pdf",
    "complete",
    "file_notice",
    "note_decision",
    "notice_document",
    "notice_lacks",
    "refer",
    "send_briefing",
    "submit",
]

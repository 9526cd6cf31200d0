"""File notices, take them back, route affidavits, publish the list, send the briefing."""

from apps.reliability.retirements.services.affidavits import (
    affidavit_lacks,
    affidavit_move,
    affidavit_open,
    affidavit_paper,
    affidavit_submit,
)
from apps.reliability.retirements.services.briefing import briefing_pdf, send_briefing
from apps.reliability.retirements.services.filing import (
    NoticeWish,
    complete,
    file_notice,
    note_decision,
    notice_lacks,
    notice_paper,
    submit,
)
from apps.reliability.retirements.services.referring import refer

__all__ = [
    "NoticeWish",
    "affidavit_lacks",
    "affidavit_move",
    "affidavit_open",
    "affidavit_paper",
    "affidavit_submit",
    "briefing_pdf",
    "complete",
    "file_notice",
    "note_decision",
    "notice_lacks",
    "notice_paper",
    "refer",
    "send_briefing",
    "submit",
]

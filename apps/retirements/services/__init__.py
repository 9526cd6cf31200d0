"""File notices, take them back, route affidavits, publish the list, send the briefing."""

from apps.retirements.services.affidavits import (
    affidavit_move,
    affidavit_open,
    affidavit_paper,
    affidavit_submit,
)
from apps.retirements.services.briefing import briefing_pdf, send_briefing
from apps.retirements.services.filing import (
    NoticeWish,
    complete,
    discard,
    file_notice,
    note_decision,
    notice_paper,
    submit,
)
from apps.retirements.services.referring import refer, referral_answer

__all__ = [
    "NoticeWish",
    "affidavit_move",
    "affidavit_open",
    "affidavit_paper",
    "affidavit_submit",
    "briefing_pdf",
    "complete",
    "discard",
    "file_notice",
    "note_decision",
    "notice_paper",
    "refer",
    "referral_answer",
    "send_briefing",
    "submit",
]

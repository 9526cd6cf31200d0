"""File, review, decide and follow cost recovery requests."""

from apps.settlement.recovery.services.deciding import approve, refuse
from apps.settlement.recovery.services.filing import (
    RecoveryWish,
    answer,
    file_request,
    lacks_paper,
    paper_of,
    revise,
    submit,
    withdraw,
)
from apps.settlement.recovery.services.previewing import Preview, preview_of
from apps.settlement.recovery.services.reviewing import ask, recommend, review, send_back
from apps.settlement.recovery.services.settling import settled_by

__all__ = [
    "Preview",
    "RecoveryWish",
    "answer",
    "approve",
    "ask",
    "file_request",
    "lacks_paper",
    "paper_of",
    "preview_of",
    "recommend",
    "refuse",
    "review",
    "revise",
    "send_back",
    "settled_by",
    "submit",
    "withdraw",
]

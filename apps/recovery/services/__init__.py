"""File, review, decide and follow cost recovery requests."""

from apps.recovery.services.deciding import approve, refuse
from apps.recovery.services.filing import (
    RecoveryWish,
    answer,
    file_request,
    lacks_paper,
    paper_of,
    revise,
    submit,
    withdraw,
)
from apps.recovery.services.previewing import Preview, preview_of
from apps.recovery.services.reviewing import ask, recommend, review, send_back
from apps.recovery.services.settling import settled_by

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

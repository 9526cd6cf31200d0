"""File, review, decide and follow cost recovery requests."""

from apps.settlement.cost_recovery.services.deciding import approve, refuse
from apps.settlement.cost_recovery.services.filing import (
    RecoveryInput,
    answer,
    document_for,
    file_request,
    lacks_document,
    revise,
    submit,
    withdraw,
)
from apps.settlement.cost_recovery.services.previewing import Preview, preview_of
from apps.settlement.cost_recovery.services.reviewing import ask, recommend, review, send_back
from apps.settlement.cost_recovery.services.settling import settled_by

__all__ = [
    "Preview",
    "RecoveryInput",
    "answer",
    "approve",
    "ask",
    "document_for",
    "file_request",
    "lacks_document",
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

"""File, complete, decide and follow disputes."""

from apps.settlement.disputes.services.deciding import accept, deny, runs_ahead
from apps.settlement.disputes.services.effects import effect_of
from apps.settlement.disputes.services.filing import (
    DisputeInput,
    document_for,
    file_dispute,
    quantify,
)
from apps.settlement.disputes.services.following import attach_outcomes, lapse_placeholders

__all__ = [
    "DisputeInput",
    "accept",
    "attach_outcomes",
    "deny",
    "document_for",
    "effect_of",
    "file_dispute",
    "lapse_placeholders",
    "quantify",
    "runs_ahead",
]

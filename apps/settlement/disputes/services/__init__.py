"""File, complete, decide and follow disputes."""

from apps.settlement.disputes.services.deciding import accept, deny, runs_ahead
from apps.settlement.disputes.services.effects import effect_of
from apps.settlement.disputes.services.filing import DisputeWish, file_dispute, paper_of, quantify
from apps.settlement.disputes.services.following import attach_outcomes, lapse_placeholders

__all__ = [
    "DisputeWish",
    "accept",
    "attach_outcomes",
    "deny",
    "effect_of",
    "file_dispute",
    "lapse_placeholders",
    "paper_of",
    "quantify",
    "runs_ahead",
]

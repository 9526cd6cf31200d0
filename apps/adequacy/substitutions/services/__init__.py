"""Find substitutes, ask for substitution and exemption, decide."""

from apps.adequacy.substitutions.services.exempting import (
    ExemptionWish,
    exemption_decide,
    exemption_paper,
    request_exemption,
)
from apps.adequacy.substitutions.services.finding import (
    Candidate,
    Need,
    candidates_for,
    need_of,
    window_of,
)
from apps.adequacy.substitutions.services.requesting import (
    SubstitutionWish,
    cancel_substitution,
    request_substitution,
    substitution_approve,
    substitution_deny,
    withdraw_substitution,
)
from apps.adequacy.substitutions.services.searching import Search, search

__all__ = [
    "Candidate",
    "ExemptionWish",
    "Need",
    "Search",
    "SubstitutionWish",
    "cancel_substitution",
    "candidates_for",
    "exemption_decide",
    "exemption_paper",
    "need_of",
    "request_exemption",
    "request_substitution",
    "search",
    "substitution_approve",
    "substitution_deny",
    "window_of",
    "withdraw_substitution",
]

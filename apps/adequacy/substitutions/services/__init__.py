"""Find substitutes, ask for substitution and exemption, decide."""

from apps.adequacy.substitutions.services.exempting import (
    ExemptionInput,
    exemption_decide,
    exemption_document,
    request_exemption,
)
from apps.adequacy.substitutions.services.matching import (
    Candidate,
    SubstitutionNeed,
    candidates_for,
    need_of,
    window_of,
)
from apps.adequacy.substitutions.services.requesting import (
    SubstitutionInput,
    cancel_substitution,
    request_substitution,
    substitution_approve,
    substitution_deny,
    withdraw_substitution,
)
from apps.adequacy.substitutions.services.searching import Search, search

__all__ = [
    "Candidate",
    "ExemptionInput",
    "Search",
    "SubstitutionInput",
    "SubstitutionNeed",
    "cancel_substitution",
    "candidates_for",
    "exemption_decide",
    "exemption_document",
    "need_of",
    "request_exemption",
    "request_substitution",
    "search",
    "substitution_approve",
    "substitution_deny",
    "window_of",
    "withdraw_substitution",
]

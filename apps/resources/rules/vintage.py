"""Legacy or new tariff: one derived attribute, never typed in."""

from __future__ import annotations

from datetime import date

from apps.kernel.rulebook import implements
from apps.resources.terms import Vintage


@implements("BRQ-0025", "BRQ-1205", source="BRS 1.2 sections 6.1.1 and 6.4.1")
def rmr_vintage(*, effective_date: date, cutoff: date) -> Vintage:
    """Decide the vintage of an RMR contract from its effective date.

    effective_date: first day the agreement took effect; an extension keeps it, a re-made contract
    has its own. cutoff: the value of ``rmr.new_tariff_cutoff``. Returns NEW on or after the cutoff.
    Source: BRQ-0025, BRQ-1205. Interpretation: the glossary prints a cutoff of 2019 and the
    requirement one of 2018; the requirement is followed, as a dated parameter.
    """
    return Vintage.NEW if effective_date >= cutoff else Vintage.LEGACY

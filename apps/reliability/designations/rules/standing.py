"""How a contract stands: vintage, label and RAAIM, all derived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.platform.core.rulebook import implements
from apps.reference.resources.codes import CreditLabel, Raaim, Vintage
from apps.reference.resources.rules import credit_label, raaim_of, rmr_vintage
from apps.reliability.designations.codes import Nonperformance


@dataclass(frozen=True)
class Standing:
    """What follows from a contract on a day, with why RAAIM does or does not measure it."""

    vintage: Vintage
    label: CreditLabel
    raaim: Raaim
    why: str


@implements("BRQ-0030", "BRQ-0035", "BRQ-0056", source="BRS 1.2 section 6.1.1")
def standing(
    *, effective_date: date, nonperformance: str, day: date, cutoff: date, label_from: date
) -> Standing:
    """Derive how a contract stands on a day.

    RAAIM measures a new-tariff contract unless it carries a negotiated penalty instead; then the
    reason is CONTRACT_ALT_PENALTY. Legacy is exempt. Source: BRQ-0030, BRQ-0035, BRQ-0056.
    """
    vintage = rmr_vintage(effective_date=effective_date, cutoff=cutoff)
    raaim, why = raaim_of(vintage), "LEGACY" if vintage is Vintage.LEGACY else "NEW_TARIFF"
    if vintage is Vintage.NEW and nonperformance == Nonperformance.ALTERNATIVE:
        raaim, why = Raaim.EXEMPT, "CONTRACT_ALT_PENALTY"
    label = credit_label(vintage=vintage, month=day, label_from=label_from)
    return Standing(vintage, label, raaim, why)

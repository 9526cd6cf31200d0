"""Offers and their selection at least cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from fractions import Fraction

from apps.platform.core.effective import parameter
from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation

SOFT_OFFER_CAP = parameter("cpm.soft_offer_cap")
ADDER = parameter("cpm.above_cap_adder")
OPTIONAL_AFTER = parameter("cpm.optional_run_after")
STEP = Decimal("0.01")


@dataclass(frozen=True)
class Offered:
    """An offer that may be selected: its price is the one it would be paid."""

    key: int
    mw: Decimal
    price: Decimal
    effectiveness: Decimal
    order: int


@dataclass(frozen=True)
class Chosen:
    """What was taken of an offer, and what each effective megawatt of it costs."""

    key: int
    mw: Decimal
    effective_mw: Decimal
    cost: Decimal


@implements("BRQ-0305", source="BRS 1.2 section 6.2.3")
def least_cost(offers: Iterable[Offered], need: Decimal) -> tuple[list[Chosen], Decimal]:
    """Return what is taken of offers to meet a need in effective MW, and what stays unmet.

    Cheapest effective megawatt first, ties to the earlier offer; the last is taken in part, rounded
    up to 0.01 MW (*Interpretation*: offers are divisible). cost: $/month.
    """
    usable = [o for o in offers if o.mw > 0 and o.effectiveness > 0]
    ranked = sorted(usable, key=lambda o: (Fraction(o.price) / Fraction(o.effectiveness), o.order))
    left = need
    chosen = []
    for offer in ranked:
        if left <= 0:
            break
        wanted = (left / offer.effectiveness).quantize(STEP, rounding=ROUND_UP)
        mw = min(offer.mw, wanted)
        chosen.append(Chosen(offer.key, mw, mw * offer.effectiveness, mw * 1000 * offer.price))
        left -= mw * offer.effectiveness
    return chosen, max(left, Decimal(0))


@implements("BRQ-0300", "BRQ-0305", "BRQ-0310", source="BRS 1.2 section 6.2.3")
def offer_violations(
    *,
    resource: str,
    rmr: tuple[date, date] | None,
    mw: Decimal,
    spare: Decimal | None,
    price: Decimal,
    cap: Decimal,
    docket: str,
    gffc: Decimal | None,
) -> list[Violation]:
    """Return what stands against an offer.

    rmr: days of an RMR contract that meet the period. spare: MW left of NQC; None where no NQC is
    on file. Above the cap an offer names its docket and going-forward fixed cost.
    """
    found = []
    if rmr is not None:
        found.append(
            Violation(
                "RMR-E-0300",
                f"{resource} is RMR from {rmr[0]} to {rmr[1]}; no CPM award.",
                column="resource",
            )
        )
    if mw <= 0:
        found.append(Violation("CPM-MW", "An offer is above 0 MW.", column="mw"))
    elif spare is None:
        found.append(
            Violation(
                "CPM-NQC", f"No NQC of {resource} is on file for the period.", column="resource"
            )
        )
    elif mw > spare:
        found.append(
            Violation(
                "CPM-MW",
                f"{plain(spare)} MW are left of its NQC after RA, CPM and RMR.",
                column="mw",
            )
        )
    if price <= 0:
        found.append(Violation("CPM-PRICE", "A price is above 0.", column="price"))
    if price > cap and not (docket.strip() and gffc is not None):
        found.append(
            Violation(
                "CPM-CAP",
                f"Above the soft-offer cap of {plain(cap)} $/kW-month an "
                "offer names its FERC docket and going-forward fixed cost.",
                column="docket",
            )
        )
    return found

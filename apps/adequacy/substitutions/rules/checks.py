"""Whether a resource may stand in for another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation

SYSTEM = ("", "CAISO_SYSTEM")


@dataclass(frozen=True)
class Outaged:
    """The resource that is out. vintage: NEW, LEGACY, or RA for one that is no RMR.

    local_area: blank where its part need not be local. needed: MW not yet substituted.
    """

    resource: str
    vintage: str
    local_area: str
    flex_category: int | None
    needed: Decimal


@dataclass(frozen=True)
class SubstituteOffer:
    """The resource offered, what it has to spare for the part, and how much is wanted of it."""

    resource: str
    rmr: bool
    local_area: str
    flex_category: int | None
    spare: Decimal
    mw: Decimal


def needed_mw(part: str, *, out: Decimal, pmax: Decimal, obligation: Decimal) -> Decimal:
    """Return how much of an obligation an outage eats: what need not be shown goes first.

    Generic RMR owes its whole Pmax, so each megawatt counts. *Interpretation* for flexible ones:
    min(EFC, max(0, out − (Pmax − EFC))).
    """
    return min(obligation, max(Decimal(0), out - max(pmax - obligation, Decimal(0))))


def refuse_rmr_substitute(resource: str) -> Violation:
    """Return why a resource never stands in: it is RMR; told before anything else (BRQ-0211)."""
    return Violation(
        "RMR-E-0211",
        f"{resource} is an RMR resource and cannot provide substitute capacity.",
        column="substitute",
    )


@implements("BRQ-0210", "BRQ-0211", "BRQ-0040", "MSIM-2005", source="BRS 1.2 section 6.2.2")
def check_substitution(outaged: Outaged, offer: SubstituteOffer, part: str) -> list[Violation]:
    """Return everything that stands against a substitution.

    Legacy RMR is outside; RMR of either vintage never substitutes; generic local capacity wants the
    same local area; flexible capacity the same category or a higher one.
    """
    found = [refuse_rmr_substitute(offer.resource)] if offer.rmr else []
    if outaged.vintage == "LEGACY":
        found.append(
            Violation(
                "RMR-E-0210",
                "Legacy RMR resources are outside the RA system's substitution.",
                column="outage",
            )
        )
    found += _category(outaged, offer) if part == "FLEX" else _local(outaged, offer)
    if offer.mw <= 0 or offer.mw > outaged.needed:
        found.append(
            Violation(
                "RMR-E-0210C",
                "MW lie above 0 and up to what is not yet "
                f"substituted, {plain(outaged.needed)} MW.",
                column="mw",
            )
        )
    if offer.mw > offer.spare:
        name = "EFC" if part == "FLEX" else "NQC"
        found.append(
            Violation(
                "RMR-E-0210D",
                f"{offer.resource} has {plain(offer.spare)} MW of {name} to spare.",
                column="mw",
            )
        )
    return found


def _local(outaged: Outaged, offer: SubstituteOffer) -> list[Violation]:
    if outaged.local_area in SYSTEM or offer.local_area == outaged.local_area:
        return []
    there = offer.local_area if offer.local_area not in SYSTEM else "no local area"
    return [
        Violation(
            "RMR-E-0210A",
            f"{outaged.resource} is local capacity of {outaged.local_area}; "
            f"{offer.resource} lies in {there}.",
            column="substitute",
        )
    ]


def _category(outaged: Outaged, offer: SubstituteOffer) -> list[Violation]:
    if offer.flex_category is None:
        return [
            Violation(
                "RMR-E-0210B", f"{offer.resource} has no flexible category.", column="substitute"
            )
        ]
    if outaged.flex_category is not None and offer.flex_category > outaged.flex_category:
        return [
            Violation(
                "RMR-E-0210B",
                f"Category {offer.flex_category} cannot stand in for "
                f"category {outaged.flex_category}.",
                column="substitute",
            )
        ]
    return []

"""Checks of one credit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.kernel.findings import Finding, Severity
from apps.kernel.quantity import plain
from apps.kernel.rulebook import implements
from apps.resources.terms import CreditLabel, Vintage


@dataclass(frozen=True)
class CreditFacts:
    """What is on file of a credit's resource in the months it is for.

    vintage: of the contract, None without one. covered: how many of the months lie wholly in
    contracts. limit: least NQC, or EFC, of the months; None where none is on file.
    """

    vintage: Vintage | None
    months: int
    covered: int
    local_tac: str
    limit: Decimal | None
    efc_category: int | None
    label: CreditLabel | None


def read_tac_areas(text: str | None, known: Collection[str]) -> tuple[list[str], list[str]]:
    """Return TAC areas of a semicolon list, sorted, and what in it is none; blank: all."""
    named = [t.strip().upper() for t in (text or "").split(";") if t.strip()]
    if not named or named == ["ALL"]:
        return sorted(known), []
    mended = ["PGE-TAC" if t == "PGAE-TAC" else t for t in named]
    return sorted(set(mended) & set(known)), [t for t in mended if t not in known]


@implements("BRQ-0114", "BRQ-0116", "BRQ-0117", "BRQ-0040", source="BRS 1.2 section 6.2.1")
def check_credit(
    *,
    process: str,
    kind: str,
    category: int | None,
    label: str,
    tac_areas: Collection[str],
    all_areas: Collection[str],
    mw: Decimal,
    month: date,
    facts: CreditFacts,
) -> list[Finding]:
    """Return what is wrong with a credit, and warnings above NQC or EFC.

    month: first day of the first month. A local credit follows the location whatever the reason of
    the designation (BRQ-0040), a system one reaches all TAC areas.
    """
    found: list[Finding] = []
    if facts.vintage is None or facts.covered == 0:
        return [Finding("RMR-E-0114C", "The resource is under no RMR contract in the credit's "
                        "months.", column="RESOURCE_ID")]  # fmt: skip
    if facts.covered < facts.months:
        annual = process == "ANNUAL"
        found.append(
            Finding("RMR-E-0114D" if annual else "RMR-E-0114C",
                    f"The contract covers {facts.covered} of {facts.months} months"
                    + ("; use the monthly process." if annual else "."), column="RESOURCE_ID")
        )  # fmt: skip
    if facts.label is not None and label != facts.label.value:
        found.append(Finding("RMR-E-0116", f"The label {label} is not allowed for {facts.vintage} "
                             f"in {month:%Y-%m}; it is {facts.label.value}.",
                             column="RMR_LABEL"))  # fmt: skip
    found += _areas(kind, tac_areas, all_areas, facts)
    found += _flexible(kind, category, facts)
    name, code = ("EFC", "CRD-W-EFC") if kind == "FLEX" else ("NQC", "CRD-W-NQC")
    if facts.limit is None:
        found.append(Finding(code, f"No {name} is on file to check against.", column="CREDIT_MW",
                             severity=Severity.WARNING))  # fmt: skip
    elif mw > facts.limit:
        found.append(Finding(code, f"{plain(mw)} MW is above the {name} of {plain(facts.limit)} "
                             "MW.", column="CREDIT_MW", severity=Severity.WARNING))  # fmt: skip
    return found


def _areas(
    kind: str, tac_areas: Collection[str], all_areas: Collection[str], facts: CreditFacts
) -> list[Finding]:
    if kind == "SYSTEM" and set(tac_areas) != set(all_areas):
        return [Finding("CRD-TAC", "A system credit goes to all TAC areas; leave them blank.",
                        column="TAC_AREAS")]  # fmt: skip
    if kind == "LOCAL" and not facts.local_tac:
        return [Finding("CRD-TAC", "The resource lies in no local area; give a system credit.",
                        column="CREDIT_KIND")]  # fmt: skip
    if kind == "LOCAL" and facts.local_tac not in tac_areas:
        return [Finding("CRD-TAC", f"The resource's local area lies in {facts.local_tac}, which is "
                        "not among the TAC areas.", column="TAC_AREAS")]  # fmt: skip
    return []


def _flexible(kind: str, category: int | None, facts: CreditFacts) -> list[Finding]:
    if kind != "FLEX":
        return (
            [Finding("CRD-FLEX", "Only a flexible credit has a category.",
                     column="FLEX_CATEGORY")] if category else []
        )  # fmt: skip
    if category is None:
        return [Finding("CRD-FLEX", "A flexible credit names its category.",
                        column="FLEX_CATEGORY")]  # fmt: skip
    if facts.efc_category is None:
        return [Finding("CRD-FLEX", "The resource has no EFC in the month.",
                        column="FLEX_CATEGORY")]  # fmt: skip
    if category < facts.efc_category:
        return [Finding("CRD-FLEX", f"The EFC is of category {facts.efc_category}; {category} is "
                        "higher.", column="FLEX_CATEGORY")]  # fmt: skip
    return []

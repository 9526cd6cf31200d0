"""Checks of one credit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from apps.platform.core.quantity import plain
from apps.platform.core.rulebook import implements
from apps.platform.core.unseen import seen_text
from apps.platform.core.violations import Severity, Violation
from apps.reference.resources.codes import CreditLabel, Vintage

# what a stated reason allows; above Pmax nothing does
OVERRIDABLE = frozenset(
    {
        "CRD-NQC",
        "CRD-EFC",
        "CRD-NO-NQC",
        "CRD-NO-EFC",
        "CRD-NO-PMAX",
        "CRD-KIND",
        "CRD-TAC",
        "CRD-CATEGORY",
    }
)


@dataclass(frozen=True)
class CreditFacts:
    """What is on file of a credit's resource in the months it is for.

    vintage: of the contract or designation, None without one. covered: how many of the months lie
    wholly in them. limit: least NQC, or EFC, of the months; pmax: least Pmax; None where none is on
    file. without_limit, without_pmax: the first days of the months in which there is none.
    categories: those of the EFC list in the months. needs: the reasons of the designation.
    flexible: whether the contract has flexible capacity. others: MW of the resource's other credits
    that count against the same limit, as they would stand beside this one.
    """

    resource: str
    vintage: Vintage | None
    months: int
    covered: int
    local_tac: str
    limit: Decimal | None
    categories: frozenset[int]
    label: CreditLabel | None
    pmax: Decimal | None = None
    needs: frozenset[str] = frozenset()
    flexible: bool = False
    others: Decimal = Decimal(0)
    without_limit: tuple[date, ...] = ()
    without_pmax: tuple[date, ...] = ()


def read_tac_areas(
    text: str | None, known: Collection[str], blank: Collection[str] | None = None
) -> tuple[list[str], list[str]]:
    """Return TAC areas of a semicolon list, sorted, and what in it is none.

    ALL: every one. Blank: those given as ``blank``, else every one.
    """
    named = [t.strip().upper() for t in (text or "").split(";") if t.strip()]
    if named == ["ALL"]:
        return sorted(known), []
    if not named:
        return sorted(known if blank is None else blank), []
    aliased = ["PGE-TAC" if t == "PGAE-TAC" else t for t in named]
    return sorted(set(aliased) & set(known)), [t for t in aliased if t not in known]


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
) -> list[Violation]:
    """Return what is wrong with a credit; see ``overridden`` for what a reason allows.

    month: first day of the first month. The reason of the designation decides the kind (BRQ-0117);
    that a resource with a system reason lies in a local area decides substitution alone (BRQ-0040).
    A credit of 0 MW ends one, so nothing but its months and label is asked of it.
    """
    found: list[Violation] = []
    if facts.vintage is None or facts.covered == 0:
        return [
            Violation(
                "RMR-E-0114C",
                "The resource is under no RMR contract or designation in the credit's months.",
                column="RESOURCE_ID",
            )
        ]
    if facts.covered < facts.months:
        annual = process == "ANNUAL"
        found.append(
            Violation(
                "RMR-E-0114D" if annual else "RMR-E-0114C",
                f"The contract covers {facts.covered} of {facts.months} months"
                + ("; use the monthly process." if annual else "."),
                column="RESOURCE_ID",
            )
        )
    if facts.label is not None and label != facts.label.value:
        found.append(
            Violation(
                "RMR-E-0116",
                f"The label {label} is not allowed for {facts.vintage} "
                f"in {month:%Y-%m}; it is {facts.label.value}.",
                column="RMR_LABEL",
            )
        )
    if kind != "FLEX" and category:
        found.append(
            Violation("CRD-FLEX", "Only a flexible credit has a category.", column="FLEX_CATEGORY")
        )
    if kind == "FLEX" and category is None:
        found.append(
            Violation("CRD-FLEX", "A flexible credit names its category.", column="FLEX_CATEGORY")
        )
    if mw == 0:
        return found
    found += _kind(kind, facts) + _areas(kind, tac_areas, all_areas, facts)
    if kind == "FLEX" and category is not None:
        found += _category(category, facts)
    return found + _limits(kind, mw, facts)


def _kind(kind: str, facts: CreditFacts) -> list[Violation]:
    if kind == "FLEX":
        if facts.flexible or "FLEX" in facts.needs:
            return []
        why = "has no flexible capacity in its contract and is not designated for a flexible need"
    elif not facts.needs or facts.needs == {kind}:
        return []
    else:
        why = f"is RMR for {' and '.join(sorted(facts.needs))} reliability"
    return [
        Violation(
            "CRD-KIND",
            f"{facts.resource} {why}; a {kind} credit needs a reason.",
            column="CREDIT_KIND",
            value=kind,
        )
    ]


def _areas(
    kind: str, tac_areas: Collection[str], all_areas: Collection[str], facts: CreditFacts
) -> list[Violation]:
    if kind == "SYSTEM" and set(tac_areas) != set(all_areas):
        return [
            Violation(
                "CRD-TAC",
                "A system credit goes to all TAC areas; leave them blank.",
                column="TAC_AREAS",
            )
        ]
    if kind == "LOCAL" and not facts.local_tac:
        return [
            Violation(
                "CRD-LOCAL",
                f"{facts.resource} lies in no local area; give a system credit.",
                column="CREDIT_KIND",
            )
        ]
    if kind == "LOCAL" and set(tac_areas) != {facts.local_tac}:
        return [
            Violation(
                "CRD-TAC",
                f"The local area of {facts.resource} lies in "
                f"{facts.local_tac}; a local credit goes there alone. Leave the TAC areas "
                "blank.",
                column="TAC_AREAS",
                value=";".join(tac_areas),
            )
        ]
    return []


def _category(category: int, facts: CreditFacts) -> list[Violation]:
    if not facts.categories:
        return [
            Violation(
                "CRD-FLEX",
                f"{facts.resource} has no EFC on file in the months.",
                column="FLEX_CATEGORY",
            )
        ]
    if facts.categories != {category}:
        listed = " and ".join(str(c) for c in sorted(facts.categories))
        return [
            Violation(
                "CRD-CATEGORY",
                f"The EFC list says category {listed} of {facts.resource}, not {category}.",
                column="FLEX_CATEGORY",
                value=str(category),
            )
        ]
    return []


def _limits(kind: str, mw: Decimal, facts: CreditFacts) -> list[Violation]:
    """Compare with Pmax and NQC (EFC) what the resource's credits together come to."""
    name, code = ("EFC", "CRD-EFC") if kind == "FLEX" else ("NQC", "CRD-NQC")
    total = mw + facts.others
    beside = f" with {plain(facts.others)} MW of its other credits" if facts.others else ""
    said = f"{plain(mw)} MW{beside}: {plain(total)} MW" if facts.others else f"{plain(mw)} MW"
    if facts.pmax is not None and total > facts.pmax:
        return [
            Violation(
                "CRD-PMAX",
                f"{said} is above the Pmax of {facts.resource}, "
                f"{plain(facts.pmax)} MW; nothing overrides that.",
                column="CREDIT_MW",
            )
        ]
    found = []
    if facts.pmax is None or facts.without_pmax:
        found.append(_unknown("Pmax", facts, facts.without_pmax))
    if facts.limit is None or facts.without_limit:
        found.append(_unknown(name, facts, facts.without_limit))
    if facts.limit is not None and total > facts.limit:
        found.append(
            Violation(
                code,
                f"{said} is above the {name} of {facts.resource}, {plain(facts.limit)} MW.",
                column="CREDIT_MW",
            )
        )
    return found


def _unknown(name: str, facts: CreditFacts, months: tuple[date, ...]) -> Violation:
    """Say of which months a limit is not on file; each month has one of its own.

    *Interpretation*: unknown is neither zero nor no limit, and that of another month is none.
    """
    some = 0 < len(months) < facts.months
    of = f" in {', '.join(f'{m:%Y-%m}' for m in months)}" if some else ""
    return Violation(
        f"CRD-NO-{name.upper()}",
        f"No {name} of {facts.resource} is on file{of} to check against. Send it, or say why the "
        "credit is right all the same.",
        column="CREDIT_MW",
    )


def overridden(violations: list[Violation], reason: str) -> list[Violation]:
    """Return violations with those that a stated reason allows as warnings."""
    if not seen_text(reason):
        return violations
    return [
        replace(
            f, severity=Severity.WARNING, message=f"{f.message} Overridden: {seen_text(reason)}"
        )
        if f.code in OVERRIDABLE
        else f
        for f in violations
    ]

"""Checks of the contract terms of one file, contract by contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from apps.platform.core.quantity import MW, plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span, first_of_month, last_of_month
from apps.platform.core.violations import Severity, Violation, Violations
from apps.reference.resources.codes import Vintage
from apps.reference.resources.rules import rmr_vintage
from apps.reliability.designations.codes import AllocationScope, Nonperformance
from apps.reliability.designations.rules.designation import check_full_pmax, contract_capacity

Row = Mapping[str, Any]
SAME = (
    "resource_id",
    "effective_date",
    "condition",
    "end_date",
    "scope",
    "local_area",
    "price",
    "nonperformance",
    "afrr",
    "penalty",
    "mw_override",
    "ferc_docket",
    "ferc_approved",
)


@implements("BRQ-1210", source="BRS 1.2 section 6.4.1")
def check_contract_rows(
    rows: Sequence[Row],
    *,
    cutoff: date,
    pmax_mw: Decimal | None,
    tolerance_mw: Decimal,
    later: Sequence[tuple[Span, Decimal]] = (),
) -> list[Violation]:
    """Return what is wrong with the rows of one contract and start date.

    rows: typed rows, MW in stored steps; they differ in TAC area and obligation type only.
    cutoff: first effective date of the new tariff. pmax_mw: on their first day, None where none is
    on file; later: what Pmax becomes on later days of theirs, each named where it differs.
    New-tariff terms start on the first and end on the last day of a month inside one RA year
    (BRQ-0055); capacity is the larger of the two obligation types and not above Pmax (BRQ-0020).
    """
    violations = Violations()
    first = rows[0]
    for row in rows[1:]:
        for name in SAME:
            if row[name] != first[name]:
                violations.add(
                    "CON-DIFFERS",
                    f"{name} differs from row {first['line_no']} of the same contract.",
                    line=row["line_no"],
                    column=name.upper(),
                )
    _dates(first, cutoff, violations)
    if first["scope"] == AllocationScope.LOCAL and first["local_area"] in (None, "CAISO_SYSTEM"):
        violations.add(
            "CON-LOCAL",
            "A LOCAL contract needs its local area.",
            line=first["line_no"],
            column="LOCAL_AREA",
        )
    if first["nonperformance"] == Nonperformance.ALTERNATIVE and not first["penalty"]:
        violations.add(
            "RMR-E-0056",
            "An ALTERNATIVE to RAAIM needs the negotiated penalty.",
            line=first["line_no"],
            column="PENALTY",
        )
    legacy = rmr_vintage(effective_date=first["effective_date"], cutoff=cutoff) is Vintage.LEGACY
    _capacity(rows, pmax_mw, tolerance_mw, violations, legacy=legacy)
    _later(rows, later, tolerance_mw, violations)
    return violations.rows


def _dates(row: Row, cutoff: date, violations: Violations) -> None:
    line, start, end = row["line_no"], row["start_date"], row["end_date"]
    if end < start:
        violations.add(
            "CON-DATES", "END_DATE lies before START_DATE.", line=line, column="END_DATE"
        )
        return
    if row["effective_date"] > start:
        violations.add(
            "CON-EFFECTIVE",
            "EFFECTIVE_DATE lies after START_DATE.",
            line=line,
            column="EFFECTIVE_DATE",
        )
    if rmr_vintage(effective_date=row["effective_date"], cutoff=cutoff) is Vintage.LEGACY:
        _legacy(row, violations)
    else:
        _new_tariff(row, violations)


def _legacy(row: Row, violations: Violations) -> None:
    line = row["line_no"]
    violations.add(
        "CON-LEGACY",
        "Legacy by its effective date: kept on file, never sent to settlements.",
        line=line,
        column="EFFECTIVE_DATE",
        severity=Severity.INFO,
    )
    if row["condition"] is None:
        violations.add(
            "CON-CONDITION", "A legacy contract is Condition 1 or 2.", line=line, column="CONDITION"
        )


def _new_tariff(row: Row, violations: Violations) -> None:
    line, start, end = row["line_no"], row["start_date"], row["end_date"]
    if row["price"] == 0:
        violations.add(
            "RMR-E-0255D",
            "The price must be above 0; leave it blank while it is not approved.",
            line=line,
            column="PRICE_USD_PER_MW_DAY",
        )
    elif row["price"] is None and not row["afrr"]:
        violations.add(
            "CON-PRICE",
            "No price: the resource is held and gets no payment until it has one.",
            line=line,
            column="PRICE_USD_PER_MW_DAY",
            severity=Severity.WARNING,
        )
    if row["condition"] is not None:
        violations.add(
            "CON-CONDITION",
            "A new-tariff contract has no condition.",
            line=line,
            column="CONDITION",
        )
    if start != first_of_month(start):
        violations.add(
            "RMR-E-0055A",
            f"The start {start} is not the first of a month.",
            line=line,
            column="START_DATE",
        )
    if end != last_of_month(end):
        violations.add(
            "RMR-E-0055B",
            f"The end {end} is not the last of a month.",
            line=line,
            column="END_DATE",
        )
    if end.year != start.year:
        violations.add(
            "RMR-E-0055C",
            f"The end is after 31 December {start.year}; give the renewal a row of its own.",
            line=line,
            column="END_DATE",
        )


def _capacity(
    rows: Sequence[Row],
    pmax_mw: Decimal | None,
    tolerance_mw: Decimal,
    violations: Violations,
    *,
    legacy: bool,
) -> None:
    """A new-tariff contract takes in the whole Pmax; a legacy one may differ, with a warning."""
    capacity = MW.from_scaled(contract_capacity((r["obligation_type"], r["mw"]) for r in rows))
    line, reason = rows[0]["line_no"], rows[0]["mw_override"] or ""
    found = check_full_pmax(
        contract_mw=capacity,
        pmax_mw=pmax_mw,
        tolerance_mw=tolerance_mw,
        override="",
        resource=rows[0]["resource_id"],
        line=line,
        column="MW",
    )
    for finding in found:
        known = finding.code != "CON-MW" and (reason or pmax_mw is None or legacy)
        said = f"{finding.message} Reason: {reason}" if reason else finding.message
        violations.add(
            finding.code.replace("-E-", "-W-") if known else finding.code,
            said,
            line=line,
            column="MW",
            severity=Severity.WARNING if known else Severity.ERROR,
        )


def _later(
    rows: Sequence[Row],
    later: Sequence[tuple[Span, Decimal]],
    tolerance_mw: Decimal,
    violations: Violations,
) -> None:
    """Warn of later days of the terms on which Pmax is another than their megawatts (BRQ-0048)."""
    first = rows[0]
    capacity = MW.from_scaled(contract_capacity((r["obligation_type"], r["mw"]) for r in rows))
    for span, pmax in later:
        days = Span(max(span.first, first["start_date"]), span.end)
        if days.first > first["end_date"] or abs(capacity - pmax) <= tolerance_mw:
            continue
        last = min(days.last, first["end_date"])
        violations.add(
            "RMR-W-0048D",
            f"Pmax of {first['resource_id']} is {plain(pmax)} MW from {days.first} to {last}, and "
            f"the terms say {plain(capacity)} MW. File rows of their own for these days, or say "
            "why the terms stay.",
            line=first["line_no"],
            column="MW",
            severity=Severity.WARNING,
        )

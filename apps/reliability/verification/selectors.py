"""What the Master File and the contracts say of the same resources on the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.core.tradetime import Span
from apps.platform.core.violations import Violation
from apps.reference.masterfile.rules import ContractSaid, verify_flags
from apps.reference.masterfile.selectors import flags_until, records
from apps.reference.resources.rules import rmr_vintage
from apps.reference.resources.selectors import pmax_spans
from apps.reliability.designations.rules import PMAX_TOLERANCE, terms_behind_pmax
from apps.reliability.designations.selectors import (
    NOW,
    ContractOnDay,
    active_designations_on,
    cutoff_now,
    on_day,
    pmax_bounds,
    rules_of,
)


def rmr_records(*, viewer: Viewer) -> QuerySet[Any]:
    """Return the newest records of new-tariff RMR resources (BRQ-0100).

    Legacy contracts have identity, vintage and dates on the list of contracts, and no more.
    """
    rows = records(viewer=viewer)
    days = set(rows.values_list("day", flat=True)[:1])
    held = [c for day in days for c in on_day(day, NOW)]
    cutoff = cutoff_now()
    new = [
        c.contract.resource_id
        for c in held
        if rmr_vintage(effective_date=c.contract.effective_date, cutoff=cutoff) == "NEW"
    ]
    return rows.filter(resource_id__in=new)


def under_contract(day: date) -> dict[str, str]:
    """Return the resources of a day under an RMR contract or designation, with which one."""
    found = {c.contract.resource.code: c.contract.contract_no for c in on_day(day, NOW)}
    for code, number in active_designations_on(day):
        found.setdefault(code, f"designation no. {number}")
    return found


@dataclass(frozen=True)
class Mismatch:
    """One mismatch of the verification report."""

    resource: str
    contract: str
    vintage: str
    violation: Violation


def verification(day: date) -> tuple[date | None, int, list[Mismatch]]:
    """Return the day of the file, how many contracts were verified, and each mismatch (BRQ-0045).

    The last file that is not after the day is held against the contracts of the day as known now.
    """
    of, flags = flags_until(day)
    if of is None:
        return None, 0, []
    on_file = on_day(day, NOW)
    held = {c.contract.resource.code: c.contract for c in on_file}
    cutoff = cutoff_now()
    behind = _behind(on_file, day)
    found = []
    for code in sorted(flags.keys() | held.keys()):
        contract = held.get(code)
        said = (
            ContractSaid(contract.effective_date, contract.condition, contract.span.last)
            if contract
            else None
        )
        vintage = (
            rmr_vintage(effective_date=contract.effective_date, cutoff=cutoff).value
            if contract
            else ""
        )
        found += [
            Mismatch(code, contract.contract_no if contract else "", vintage, f)
            for f in (
                *verify_flags(flags.get(code), said, cutoff=cutoff, resource=code),
                *behind.get(code, ()),
            )
        ]
    return of, len(held), found


def _behind(on_file: list[ContractOnDay], day: date) -> dict[str, list[Violation]]:
    """Return the new-tariff contracts whose terms say other MW than Pmax, by resource (BRQ-0048).

    One that differs from its own Pmax for an approved reason is none while that Pmax stands.
    """
    cutoff, tolerance = cutoff_now(), rules_of(day).at(PMAX_TOLERANCE, day)
    bounds = bool(pmax_bounds(Span.through(day, day), NOW))
    spans = pmax_spans({c.contract.resource_id for c in on_file}, NOW)
    found: dict[str, list[Violation]] = {}
    for c in on_file:
        held = spans.get(c.contract.resource_id, [])
        pmax = next((mw for span, mw in held if day in span), None)
        of_terms = next((mw for span, mw in held if span.end > c.contract.span.first), None)
        meant = c.contract.mw_override and pmax == of_terms
        if pmax is None or meant or c.contract.effective_date < cutoff:
            continue
        said = terms_behind_pmax(
            contract_no=c.contract.contract_no,
            day=day,
            filed_mw=c.filed_mw,
            pmax_mw=pmax,
            tolerance_mw=tolerance,
            bounds=bounds,
        )
        if said is not None:
            found[c.contract.resource.code] = [said]
    return found


def report_rows(day: date) -> list[dict[str, str]]:
    """Return the mismatches of a day as texts."""
    return [
        {
            "resource": m.resource,
            "contract": m.contract,
            "vintage": m.vintage,
            "code": m.violation.code,
            "severity": m.violation.severity.value,
            "column": m.violation.column,
            "value": m.violation.value,
            "message": m.violation.message,
        }
        for m in verification(day)[2]
    ]


def report_lines(day: date) -> list[str]:
    """Return the verification of a day as the command line prints it."""
    of, count, mismatches = verification(day)
    return [
        f"Master File of {of or 'no day'}, {count} contracts on {day}",
        *(f"{m.resource}: {m.violation.code} {m.violation.message}" for m in mismatches),
    ]

"""Whether a resource can be designated RMR as proposed: notice, finding, dates, megawatts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from apps.platform.core.calculator import (
    Calculator,
    Day,
    Flag,
    Inputs,
    Outputs,
    Row,
    Text,
    Whole,
    field,
)
from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import first_of_month, last_of_month
from apps.platform.core.violations import Violation

N = TypeVar("N", int, Decimal)


@implements("BRQ-0055", source="BRS 1.2 section 6.1.1")
def designation_dates(*, start: date, end: date, ra_year: int) -> list[Violation]:
    """Return what is wrong with the dates of a designation in an RA year.

    It starts on the first and ends on the last day of a month, inside its RA year; what goes on
    after that is a renewal of its own. Source: BRQ-0055.
    """
    found = []
    if end < start:
        found.append(
            Violation("RMR-E-0055D", f"The end {end} lies before the start {start}.", column="end")
        )
    if start != first_of_month(start):
        found.append(
            Violation(
                "RMR-E-0055A", f"The start {start} is not the first of a month.", column="start"
            )
        )
    if end != last_of_month(end):
        found.append(
            Violation("RMR-E-0055B", f"The end {end} is not the last of a month.", column="end")
        )
    if end.year > ra_year:
        found.append(
            Violation(
                "RMR-E-0055C",
                f"The end {end} is after 31 December {ra_year}; create a renewal.",
                column="end",
            )
        )
    if start.year != ra_year:
        found.append(
            Violation(
                "RMR-E-0055E",
                f"The start {start} lies outside the RA year {ra_year}.",
                column="start",
            )
        )
    return found


def contract_capacity(rows: Iterable[tuple[str, N]]) -> N | int:
    """Return contract capacity of (obligation type, megawatts): the larger sum of the two types.

    Generic and flex rows describe the same megawatts. Whole numbers of steps or decimals alike.
    """
    by_type: dict[str, Any] = {}
    for kind, mw in rows:
        by_type[kind] = by_type.get(kind, 0) + mw
    return max(by_type.values(), default=0)


@dataclass(frozen=True)
class DesignationProposal:
    """A designation as proposed.

    effective: the first day of the chain of renewals; it decides the vintage. finding_needs: the
    needs that the study found, empty without one. contract_mw and pmax_mw in MW; override: why
    the contract MW stands although it differs.
    """

    resource: str
    start: date
    end: date
    ra_year: int
    effective: date
    need: str
    finding_needs: frozenset[str]
    has_notice: bool
    contract_mw: Decimal
    pmax_mw: Decimal | None
    override: str = ""


@implements("BRQ-0015", "BRQ-0020", "BRQ-1316", source="BRS 1.2 sections 6.1.1 and 6.4.2")
def check_designation(
    given: DesignationProposal, *, cutoff: date, tolerance_mw: Decimal
) -> list[Violation]:
    """Return everything that stands against a designation.

    cutoff: value of ``rmr.new_tariff_cutoff``. tolerance_mw: value of ``rmr.pmax_tolerance_mw``.
    Risk of retirement is the ground of every designation here: without a notice there is none.
    Where a study found a local and another need, local is primary. Source: BRQ-0015, BRQ-0020.
    """
    found = designation_dates(start=given.start, end=given.end, ra_year=given.ra_year)
    if not given.has_notice:
        found.append(
            Violation(
                "RMR-E-0015",
                f"No retirement or mothball notice on file for {given.resource}.",
                column="notice",
            )
        )
    if not given.finding_needs:
        found.append(
            Violation(
                "RMR-E-0015B",
                f"No study on file found {given.resource} needed for reliability.",
                column="finding",
            )
        )
    elif given.need not in given.finding_needs:
        found.append(
            Violation(
                "RMR-E-0015C",
                f"The study found {', '.join(sorted(given.finding_needs))}, not {given.need}.",
                column="need",
            )
        )
    elif given.need != "LOCAL" and "LOCAL" in given.finding_needs:
        found.append(
            Violation(
                "RMR-E-0015D",
                "The study found a local need too, and local is primary.",
                column="need",
            )
        )
    if given.effective < cutoff:
        found.append(
            Violation(
                "RMR-E-0025",
                f"{given.effective} is before {cutoff}: no resource is "
                "designated anew under the old tariff.",
                column="start",
            )
        )
    return found + check_full_pmax(
        contract_mw=given.contract_mw,
        pmax_mw=given.pmax_mw,
        tolerance_mw=tolerance_mw,
        override=given.override,
        resource=given.resource,
    )


def check_full_pmax(
    *,
    contract_mw: Decimal,
    pmax_mw: Decimal | None,
    tolerance_mw: Decimal,
    override: str,
    resource: str,
    line: int = 0,
    column: str = "contract_mw",
) -> list[Violation]:
    """Return whether contract MW is the whole Pmax, or overridden with a reason (BRQ-0020)."""
    if contract_mw <= 0:
        return [Violation("CON-MW", "The contract has no capacity.", line, column)]
    if pmax_mw is None:
        sentence = f"No Pmax of {resource} is on file to check the contract capacity against."
        return [] if override else [Violation("RMR-E-0020B", sentence, line, column)]
    if abs(contract_mw - pmax_mw) <= tolerance_mw or override:
        return []
    sentence = (
        f"Contract capacity {MW.text(contract_mw)} MW differs from Pmax {MW.text(pmax_mw)} MW. "
        "Correct one of them, or give the reason for an override."
    )
    return [Violation("RMR-E-0020", sentence, line, column)]


class DesignationDatesInputs(Inputs):
    """The dates of a designation and its RA year."""

    start: Day = field("First day.")
    end: Day = field("Last day.")
    ra_year: Annotated[int, Whole(1998, 2199)] = field("The RA year it is for.")


class DatesFinding(Row, extra="forbid"):
    """What stands against the dates."""

    code: Text = field("Its code.")
    message: Text = field("A sentence.")


class DesignationDatesOutputs(Outputs):
    """Whether the dates are accepted."""

    accepted: Flag = field("Whether nothing stands against the dates.")
    violations: list[DatesFinding] = field("Everything that does.")


def check_dates(given: DesignationDatesInputs) -> dict[str, Any]:
    """Check the dates of a designation (see ``designation_dates``)."""
    found = designation_dates(start=given.start, end=given.end, ra_year=given.ra_year)
    return {
        "accepted": not found,
        "violations": [{"code": f.code, "message": f.message} for f in found],
    }


DESIGNATION_DATES = Calculator(
    name="designation-dates",
    title="Designation dates",
    meaning="Whether a designation may run from a day to a day in an RA year.",
    inputs=DesignationDatesInputs,
    outputs=DesignationDatesOutputs,
    example={"start": "2020-05-01", "end": "2021-01-31", "ra_year": 2020},
    compute=check_dates,
    requirements=("BRQ-0055",),
)

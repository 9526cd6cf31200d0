"""What every offer and designation is checked against."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from apps.adequacy.cpm.rules import SOFT_OFFER_CAP
from apps.adequacy.plans.selectors import days_looked_at, spare_capacity
from apps.platform.core.effective import Parameter, ParameterMissing
from apps.platform.core.tradetime import is_plausible
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.parameters.selectors import value_on
from apps.reliability.designations.selectors import rmr_spans


def days_violations(first: date, last: date) -> list[Violation]:
    """Return what is wrong with a period of at most a year or so."""
    if not (is_plausible(first) and is_plausible(last)):
        return [
            Violation("CPM-DATE", "The days must lie between 1800 and 2199.", column="first_date")
        ]
    if last < first or (last - first).days > 400:
        return [
            Violation(
                "CPM-DATE",
                "The last day lies on or after the first, within 400 days.",
                column="last_date",
            )
        ]
    return []


def rmr_days(resource_id: int, first: date, last: date) -> tuple[date, date] | None:
    """Return days on which a resource is RMR of either vintage that meet a period, or None."""
    for span in rmr_spans({resource_id}):
        if span.first <= last and span.last >= first:
            return span.first, span.last
    return None


def cap_on(day: date) -> Decimal:
    """Return the soft-offer cap of a day; raises ValidationFailed where none is on file."""
    found: Decimal = valued(SOFT_OFFER_CAP, day)
    return found


def valued(parameter: Parameter, day: date) -> Any:
    """Return a parameter's value on a day as known now; raises ValidationFailed where there is
    none.
    """
    try:
        return value_on(parameter, day)
    except ParameterMissing as trouble:
        raise ValidationFailed.because("CPM-PARAMETER", str(trouble)) from None


def spare_of(resource_id: int, first: date, last: date, part: str = "GENERIC") -> Decimal | None:
    """Return the MW left of a resource over a period; None where no NQC is on file."""
    found = spare_capacity(days_looked_at(first, last), part, {resource_id})
    return found.get(resource_id)

"""Which vintage and condition of RMR contract each resource is under, by trade date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from apps.platform.core.effective import ParameterMissing
from apps.platform.core.tradetime import Span
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF, rmr_vintage
from apps.reliability.designations.selectors.on_a_day import contract_changes
from apps.reliability.designations.selectors.reading import conditions_on, rules_of


def vintages_on(day: date, known_at: datetime) -> dict[int, tuple[str, str | None]]:
    """Return (vintage, condition) of each resource under an RMR contract on a day."""
    try:
        cutoff = rules_of(day, known_at).at(NEW_TARIFF_CUTOFF, day)
    except ParameterMissing:
        return {}
    return {
        key: (
            rmr_vintage(effective_date=effective, cutoff=cutoff).value,
            str(condition) if condition else None,
        )
        for key, effective, condition in conditions_on(day, known_at)
    }


def vintages_over(
    days: Iterable[date], known_at: datetime
) -> dict[date, dict[int, tuple[str, str | None]]]:
    """Return ``vintages_on`` by day, read anew on those days only on which contracts change."""
    listed = sorted(set(days))
    if not listed:
        return {}
    changes = contract_changes(Span.through(listed[0], listed[-1]), known_at)
    found: dict[date, dict[int, tuple[str, str | None]]] = {}
    before = None
    for day in listed:
        if before is None or any(before < change <= day for change in changes):
            found[day] = vintages_on(day, known_at)
        else:
            found[day] = found[before]
        before = day
    return found

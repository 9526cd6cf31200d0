"""How much RMR capacity is in force at once within an RA year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span


@dataclass(frozen=True)
class Stretch:
    """Days of one resource with one capacity, in MW, and the local area they count in."""

    area: str
    days: Span
    mw: Decimal


@implements("BRQ-0111", source="BRS 1.2 section 6.2.1")
def most_in_force(stretches: Sequence[Stretch], within: Span) -> tuple[date, dict[str, Decimal]]:
    """Return the day of a span on which most megawatts are in force, and these by local area.

    The earliest of several such days. *Interpretation*: contracts that follow one another are never
    added, so the MW of a year or month are those of its fullest day, not the sum of its rows.
    """
    near = [s for s in stretches if s.days.overlaps(within)]
    days = sorted({within.first, *(s.days.first for s in near if s.days.first in within)})
    by_day = [(day, _by_area(s for s in near if day in s.days)) for day in days]
    return max(by_day, key=lambda d: (sum(d[1].values(), Decimal(0)), -d[0].toordinal()))


def _by_area(stretches: Iterable[Stretch]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for s in stretches:
        found[s.area] = found.get(s.area, Decimal(0)) + s.mw
    return dict(sorted(found.items(), key=lambda a: (-a[1], a[0])))

"""Control totals of a run as they are read: sums first, beside those that are published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.platform.core.quantity import parse_decimal

UNITS = ("($)", "(MWh)", "(MW)")  # in this order; what is counted comes behind


@dataclass(frozen=True)
class ControlTotal:
    """A total of a run, of the published run of its trade date, and by how much it differs.

    ``published`` is blank where that run has no such total; ``change`` is None where there is no
    number to hold it against.
    """

    name: str
    now: str
    published: str = ""
    change: Decimal | None = None


def control_totals(
    now: Mapping[str, str], published: Mapping[str, str] | None = None
) -> list[ControlTotal]:
    """Return the totals by unit, the sum of the day before its parts, then by name."""
    other = published or {}
    return [
        ControlTotal(name, now.get(name, ""), other.get(name, ""), _change(name, now, other))
        for name in sorted({*now, *other}, key=_place)
    ]


def _place(name: str) -> tuple[int, bool, str]:
    unit = next((n for n, unit in enumerate(UNITS) if name.endswith(unit)), len(UNITS))
    return unit, not name.startswith("Sum"), name


def _change(name: str, now: Mapping[str, str], published: Mapping[str, str]) -> Decimal | None:
    mine, theirs = (_number(side.get(name, "")) for side in (now, published))
    return None if mine is None or theirs is None else mine - theirs


def _number(text: str) -> Decimal | None:
    return parse_decimal(text.replace(",", ""))

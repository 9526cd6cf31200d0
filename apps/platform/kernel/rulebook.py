"""Which code answers which requirement, and from which trade date on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Entry:
    """One statement "this object implements that requirement"."""

    brq: str
    target: str
    source: str
    since: date
    until: date


_ENTRIES: dict[tuple[str, str], Entry] = {}
_OBJECTS: dict[str, list[tuple[Entry, Any]]] = {}


class NoRuleForDate(LookupError):
    """No implementation of a requirement is in force on the asked trade date."""


def short_id(brq: str) -> str:
    """Return the short form of a requirement id: ``RMR-CPM-BRQ-0114`` becomes ``BRQ-0114``."""
    return brq.removeprefix("RMR-CPM-")


def implements(
    *brqs: str, source: str = "", since: str = "0001-01-01", until: str = "9999-12-31"
) -> Callable[[T], T]:
    """Record that the decorated object answers the requirements and return it untouched.

    ``since`` is the first and ``until`` the first excluded trade date of the regime.
    """

    def record(target: T) -> T:
        name = f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', target)}"
        for brq in brqs:
            entry = Entry(
                short_id(brq), name, source, date.fromisoformat(since), date.fromisoformat(until)
            )
            if (entry.brq, name) not in _ENTRIES:
                _ENTRIES[entry.brq, name] = entry
                _OBJECTS.setdefault(entry.brq, []).append((entry, target))
        return target

    return record


def entries() -> list[Entry]:
    """Return every recorded statement, ordered by requirement id."""
    return sorted(_ENTRIES.values())


def implemented() -> list[tuple[Entry, Any]]:
    """Return every recorded statement with the object that carries it out."""
    return [pair for brq in sorted(_OBJECTS) for pair in _OBJECTS[brq]]


def choose(brq: str, trade_date: date) -> Any:
    """Return the object that implements a requirement on a trade date.

    Raises NoRuleForDate where none is in force.
    """
    for entry, target in _OBJECTS.get(short_id(brq), []):
        if entry.since <= trade_date < entry.until:
            return target
    raise NoRuleForDate(f"No rule for {brq} is in force on {trade_date}.")

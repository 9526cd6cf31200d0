"""Which code answers which requirement, and from which trade date on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from apps.platform.core.registry import Registry

T = TypeVar("T")


@dataclass(frozen=True)
class Implementation:
    """One statement "this object implements that requirement"; ``target`` is the object's name."""

    brq: str
    target: str
    source: str
    since: date
    until: date
    what: Any


IMPLEMENTATIONS = Registry(
    "core.implementations",
    meaning="The code that answers each requirement: the requirements page, the rules in the help.",
    of=Implementation,
    key=lambda found: f"{found.brq} {found.target}",
    order=lambda found: found.brq,
    open_because="a command or a worker may import code that answers a requirement later",
)


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
        first, end = date.fromisoformat(since), date.fromisoformat(until)
        for brq in map(short_id, brqs):
            found = Implementation(brq, name, source, first, end, target)
            if f"{brq} {name}" not in IMPLEMENTATIONS:
                IMPLEMENTATIONS.register(found, depth=2)
        return target

    return record


def choose(brq: str, trade_date: date) -> Any:
    """Return the object that implements a requirement on a trade date.

    Raises NoRuleForDate where none is in force.
    """
    for found in IMPLEMENTATIONS:
        if found.brq == short_id(brq) and found.since <= trade_date < found.until:
            return found.what
    raise NoRuleForDate(f"No rule for {brq} is in force on {trade_date}.")

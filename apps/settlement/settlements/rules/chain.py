"""The chain of calculations: nodes that say what they read and give, in the order that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any

from apps.platform.core.effective import Parameter, ParameterMissing, ParameterSet
from apps.platform.core.registry import Registry

Book = dict[str, Any]
"""What a trade date's calculation knows so far: a table or list under the name of each port."""


@dataclass(frozen=True)
class Figures:
    """A named body of figures: its unit, the columns that name one row, and what it means."""

    name: str
    unit: str
    keys: tuple[str, ...]
    meaning: str


@dataclass(frozen=True)
class DayOfChain:
    """The trade date that is calculated, and the parameters that hold on it."""

    date: date
    params: ParameterSet

    def at(self, parameter: Parameter) -> Any:
        """Return a parameter's value on the trade date."""
        return self.params.at(parameter, self.date)

    def reading(self, parameter: Parameter, before: str) -> str:
        """Return a parameter's value, or what the rule was ``before`` there was one.

        A run of that time knows no value, and is shown again as it was published.
        """
        try:
            return str(self.at(parameter))
        except ParameterMissing:
            return before


@dataclass(frozen=True)
class Version:
    """How a node is calculated from a trade date on, and the formula as people read it."""

    first: date
    formula: str
    compute: Callable[[Book, DayOfChain], Mapping[str, Any]]


SINCE = date(1998, 1, 1)


@dataclass(frozen=True)
class Node:
    """A pre-calculation (PC), a charge code (CHARGE) or an input (INPUT) of the chain.

    ``reads``: ports by name with the unit expected. A charge code gives its lines under its own
    code. ``external``: the ISO's number, where one is public.
    """

    code: str
    title: str
    role: str
    reads: Mapping[str, str]
    gives: tuple[Figures, ...]
    versions: tuple[Version, ...]
    requirements: tuple[str, ...]
    source: str
    external: str | None = None
    direction: str = ""
    monthly: bool = False
    parameters: tuple[Parameter, ...] = ()

    def version(self, day: date) -> Version:
        """Return the version that holds on a trade date; raises BadChain where none does."""
        held = [v for v in self.versions if v.first <= day]
        if not held:
            raise BadChain(f"{self.code} has no formula for {day}.")
        return max(held, key=lambda v: v.first)


class BadChain(ValueError):
    """The declarations do not fit together; the sentence says where."""


NODES = Registry(
    "settlements.nodes",
    meaning="Inputs, pre-calculations and charge codes of the chain; its order follows from them.",
    of=Node,
    key=lambda node: node.code,
    order=lambda node: node.code,
)


def givers(chain: Sequence[Node]) -> dict[str, tuple[Node, Figures]]:
    """Return which node gives each port; raises BadChain for a port that two nodes give."""
    found: dict[str, tuple[Node, Figures]] = {}
    for node in chain:
        for port in node.gives:
            if port.name in found:
                raise BadChain(
                    f"{port.name} is given by {found[port.name][0].code} and {node.code}."
                )
            found[port.name] = (node, port)
    return found


def in_order(chain: Sequence[Node]) -> list[Node]:
    """Return nodes so that each stands after what it reads; ties by code.

    Raises BadChain for a port that nobody gives, a unit that differs, or a circle.
    """
    given = givers(chain)
    before: dict[str, set[str]] = {node.code: set() for node in chain}
    for node in chain:
        for name, unit in node.reads.items():
            if name not in given:
                raise BadChain(f"{node.code} reads {name}, which nobody gives.")
            giver, port = given[name]
            if port.unit != unit:
                raise BadChain(
                    f"{node.code} reads {name} in {unit}; {giver.code} gives it in {port.unit}."
                )
            before[node.code].add(giver.code)
    sorter = TopologicalSorter(before)
    try:
        sorter.prepare()
    except CycleError as trouble:
        raise BadChain(f"The chain runs in a circle: {' → '.join(trouble.args[1])}.") from None
    by_code = {node.code: node for node in chain}
    found: list[Node] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found += [by_code[code] for code in ready]
        sorter.done(*ready)
    return found


def calculate(chain: Sequence[Node], book: Book, day: DayOfChain) -> Book:
    """Calculate every node of a day in order; return the book with what each has given."""
    for node in in_order(chain):
        if node.role != "INPUT":
            book.update(node.version(day.date).compute(book, day))
    return book


def charge_codes(chain: Sequence[Node] | None = None) -> dict[str, Node]:
    """Return the charge codes of the chain by code."""
    return {n.code: n for n in (NODES if chain is None else chain) if n.role == "CHARGE"}

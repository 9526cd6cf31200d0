"""Which adder of a day counts: the approved one in force, else the Master File's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from apps.bidding.costs.codes import OPPORTUNITY, AdderKind
from apps.platform.core.rulebook import implements

AdderKey = tuple[int, str, str, str]  # resource, adder, configuration, to configuration
OF_TRANSITION = frozenset(k for k in AdderKind if k.endswith("_TRANSITION"))


class Adder(NamedTuple):
    """One adder as resolved: where it holds, $, and whether a decision or the Master File said."""

    key: AdderKey
    amount: Decimal
    approved: bool


@dataclass(frozen=True)
class AdderBook:
    """The adders of a day, $ per start, run-hour, transition or MWh.

    ``on_file``: what the Master File holds of each configuration and transition, None where blank.
    ``excluded``: resources whose opportunity cost does not count.
    """

    approved: Mapping[AdderKey, Decimal]
    on_file: Mapping[AdderKey, Decimal | None]
    excluded: frozenset[int] = frozenset()

    def resolve(
        self, resource: int, kind: str, config: str = "", to_config: str = ""
    ) -> Adder | None:
        """Return the adder of a place: approved for it, else for the whole resource, else on file.

        An approved 0 is an adder of 0. None: nobody gave one, or opportunity cost does not count.
        """
        if kind in OPPORTUNITY and resource in self.excluded:
            return None
        place = (resource, kind, config, to_config)
        for key in (place, (resource, kind, "", "")):
            if key in self.approved:
                return Adder(place, self.approved[key], True)
        held = self.on_file.get(place)
        return None if held is None else Adder(place, held, False)

    def amount(
        self, resource: int, kind: AdderKind, config: str = "", to_config: str = ""
    ) -> Decimal | None:
        """Return the adder of a place in $, or None."""
        found = self.resolve(resource, kind.value, config, to_config)
        return found.amount if found else None

    def all(self) -> list[Adder]:
        """Return the adder of every place that has one, in a fixed order."""
        found = (self.resolve(*key) for key in sorted(self.approved.keys() | self.on_file.keys()))
        return [one for one in found if one]


@implements("BRQ-0062", "BRQ-0080", "BRQ-1206", source="settlement rule book, decision G34")
def adder_book(
    approved: Mapping[AdderKey, Decimal],
    configurations: Iterable[Any],
    transitions: Iterable[Any],
    excluded: Iterable[int],
) -> AdderBook:
    """Return the adders of a day from what is approved and what the Master File holds.

    Every configuration and transition on file is a place of each adder, so that one approved for
    the whole resource holds at each of them. Proxy costs, claw-back and the payload to settlements
    read the same book.
    """
    on_file: dict[AdderKey, Decimal | None] = {}
    for row in configurations:
        given = {
            AdderKind.MMA_START_UP: row.mma_startup,
            AdderKind.MMA_MIN_LOAD: row.mma_min_load,
        }
        for kind in AdderKind:
            if kind not in OF_TRANSITION:
                on_file[row.resource_id, kind.value, row.config, ""] = given.get(kind)
    for row in transitions:
        key = (row.resource_id, AdderKind.OC_TRANSITION.value, row.from_config, row.to_config)
        on_file[key] = row.oc_transition
    return AdderBook(approved, on_file, frozenset(excluded))

"""By what exceptional dispatch is shared: metered demand, or the tariff's quantities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from apps.platform.core.rulebook import implements
from apps.reference.market.codes import MEASURED_DEMAND
from apps.settlement.settlements.rules.chain import Book, DayOfChain
from apps.settlement.settlements.rules.demand import shared_lines

ENERGY, UPLIFT = "ED-IIE", "ED-TR"


class ShareRow(NamedTuple):
    """A row of the file: what an SC bears by, in stored steps; of one resource, or of any."""

    line_no: int
    basis: str
    resource_id: int | None
    sc: str
    quantity: int


@dataclass(frozen=True)
class DispatchShares:
    """The quantities on file for a day, and the keys behind the SC codes."""

    entries: tuple[ShareRow, ...] = ()
    sc_keys: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DispatchBase:
    """What dispatch is shared by in place of metered demand: SC codes with their weights.

    ``owners``: of each resource with rows of its own, and under None of every other.
    """

    measured: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[int | None, Mapping[str, int]] = field(default_factory=dict)
    sc_keys: Mapping[str, int] = field(default_factory=dict)

    def owners_of(self, resource_id: int) -> Mapping[str, int]:
        """Return the transmission owners of a dispatched resource with their weights."""
        return self.owners.get(resource_id) or self.owners.get(None) or {}


NO_BASE = DispatchBase()


@implements("BRQ-1260", source="settlement rule book 15, decision G35")
def dispatch_base(shares: DispatchShares, reading: str) -> DispatchBase:
    """Return what dispatch is shared by: nothing of its own under SIMPLE or without quantities."""
    if reading != "TARIFF":
        return NO_BASE
    measured: dict[str, int] = {}
    owners: dict[int | None, dict[str, int]] = {}
    for row in shares.entries:
        if row.quantity > 0:
            own = (
                measured if row.basis == MEASURED_DEMAND else owners.setdefault(row.resource_id, {})
            )
            own[row.sc] = own.get(row.sc, 0) + row.quantity
    return DispatchBase(measured, owners, shares.sc_keys)


@dataclass(frozen=True)
class Sharing:
    """An amount in cents, as its payers see it, and the weights by which they bear it."""

    cents: int
    weights: Mapping[str, int]
    sc_keys: Mapping[str, int]
    by: str = "metered demand"
    unit: str = "MWh"
    resource_id: int | None = None


def owned(of: str, book: Book) -> list[int]:
    """Return the resources whose uplift goes to transmission owners that are on file."""
    base = book.get("ed_base", NO_BASE)
    keys = sorted(book[of]["resource_id"].drop_nulls().unique()) if of == UPLIFT else []
    return [key for key in keys if base.owners_of(key)]


def sharing(of: str, resource_id: int | None, book: Book) -> Sharing:
    """Return how a charge code's sum is shared; with a resource, what its owners bear of it."""
    rows, base = book[of], book.get("ed_base", NO_BASE)
    if of == UPLIFT and resource_id is not None:
        own = rows.filter(pl.col("resource_id") == resource_id)
        return Sharing(
            _turned(own),
            base.owners_of(resource_id),
            base.sc_keys,
            "revenue requirement",
            "$",
            resource_id,
        )
    if of == ENERGY and base.measured:
        return Sharing(_turned(rows), base.measured, base.sc_keys, "measured demand")
    rest = rows.filter(~pl.col("resource_id").is_in(owned(of, book)))
    return Sharing(_turned(rest), book["md_sc"], book["md"].sc_keys)


def by_metered_demand(of: str, book: Book) -> bool:
    """Whether metered demand bears any of a charge code's sum."""
    rest = sharing(of, None, book)
    return rest.weights is book["md_sc"] and rest.cents != 0


def borne(book: Book) -> Callable[[ShareRow], bool]:
    """Return whether a row on file bears something on the day."""
    base, uplift = book["ed_base"], set(owned(UPLIFT, book))
    own = set(base.owners)

    def used(row: ShareRow) -> bool:
        if row.basis == MEASURED_DEMAND:
            return row.sc in base.measured and book[ENERGY].height > 0
        of = {row.resource_id} if row.resource_id is not None else uplift - own
        return row.sc in base.owners.get(row.resource_id, {}) and bool(of & uplift)

    return used


def _turned(rows: pl.DataFrame) -> int:
    return -int(rows["amount"].sum() or 0)


@implements("BRQ-1260", source="settlement rule book 8.1 and 15, decision G35")
def shared_dispatch(code: str, of: str) -> Callable[[Book, DayOfChain], dict[str, Any]]:
    """Return how a charge code shares another's sum, each part to the cent."""

    def compute(book: Book, day: DayOfChain) -> dict[str, Any]:
        parts = [sharing(of, key, book) for key in (None, *owned(of, book))]
        lines = [
            shared_lines(code, p.cents, p.weights, p.sc_keys, resource_id=p.resource_id)
            for p in parts
        ]
        return {code: pl.concat(lines)}

    return compute

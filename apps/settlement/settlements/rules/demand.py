"""Metered demand as the chain holds it, and how a whole amount is shared by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from apps.platform.core.shares import split_cents
from apps.settlement.settlements.rules.allocation import Cell
from apps.settlement.settlements.rules.lines import line_frame


@dataclass(frozen=True)
class Load:
    """Metered demand by (SC, TAC area) code, and the keys behind the codes."""

    cells: dict[Cell, int]
    sc_keys: dict[str, int]
    tac_keys: dict[str, int]

    @property
    def by_area(self) -> dict[str, int]:
        """Demand by TAC area."""
        found: dict[str, int] = defaultdict(int)
        for (_, tac), mwh in self.cells.items():
            found[tac] += mwh
        return found

    def within(self, areas: set[str]) -> dict[str, int]:
        """Demand above zero by SC in some TAC areas; in all of them for an empty set."""
        found: dict[str, int] = {}
        for (sc, tac), mwh in self.cells.items():
            if mwh > 0 and (not areas or tac in areas):
                found[sc] = found.get(sc, 0) + mwh
        return found


def shared_lines(
    code: str, cents: int, demand: Mapping[str, int], keys: Mapping[str, int], **about: Any
) -> pl.DataFrame:
    """Return an amount shared over SCs by their demand, to the cent.

    cents: the whole amount, statement sign of the payers. demand: by SC code, above zero. Nothing
    where the amount is zero; nothing either where nobody has demand, which an invariant then shows.
    about: resource_id, contract_no of what is shared.
    """
    whole = sum(demand.values())
    if not cents or not whole:
        return line_frame(())
    parts = split_cents(cents, dict(demand))
    resource, contract = about.get("resource_id"), about.get("contract_no", "")
    return line_frame(
        (code, keys[sc], resource, None, contract, demand[sc], whole, amount)
        for sc, amount in sorted(parts.items())
    )


def shared_by_demand(code: str, of: str) -> Callable[[Mapping[str, Any], Any], dict[str, Any]]:
    """Return how a charge code shares another's sum over all SCs by the day's metered demand."""

    def compute(book: Mapping[str, Any], day: Any) -> dict[str, Any]:
        cents = -int(book[of]["amount"].sum() or 0)
        return {code: shared_lines(code, cents, book["md_sc"], book["md"].sc_keys)}

    return compute

"""ROUNDING-ADJ: what charges and payments of a day do not match, shared by metered demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.platform.core.rulebook import implements
from apps.settlement.settlements.rules.chain import (
    NODES,
    SINCE,
    Book,
    DayOfChain,
    Figures,
    Node,
    Version,
    charge_codes,
)
from apps.settlement.settlements.rules.demand import shared_lines

POOLED = ("RAAIM-SET", "RAAIM-ALLOC")
READ = tuple(charge_codes())  # every code, as this is declared last


@implements("BRQ-1230", source="settlement rule book 13 (S59)")
def rounding(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Post what is left of the day, RAAIM apart, which holds money over months.

    Allocations are exact, so that nothing is left today; a code without an allocation would be
    made even here. The invariant of the day alerts above one dollar.
    """
    left = -sum(int(book[code]["amount"].sum() or 0) for code in READ if code not in POOLED)
    return {"ROUNDING-ADJ": shared_lines("ROUNDING-ADJ", left, book["md_sc"], book["md"].sc_keys)}


NODES.register(
    Node(
        code="ROUNDING-ADJ",
        title="Daily rounding adjustment",
        role="CHARGE",
        external="4989",
        reads={**dict.fromkeys(READ, "cents"), "md": "MWh", "md_sc": "MWh"},
        gives=(Figures("ROUNDING-ADJ", "cents", ("sc",), "Share of the SC"),),
        versions=(Version(SINCE, "−Σ of all other lines × MD(sc) / MD(sys)", rounding),),
        requirements=("BRQ-1230",),
        source="settlement rule book 13",
        direction="SCs by demand",
    )
)

"""PC-DEMAND: metered demand over TAC areas, the base of every allocation."""

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
)


@implements("BRQ-1230", source="settlement rule book 4.2")
def demand_over_areas(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Return the day's demand by SC and TAC area, and by SC; cells of zero bear nothing."""
    load = book["demand"]
    by_sc: dict[str, int] = {}
    for (sc, _), mwh in load.cells.items():
        if mwh > 0:
            by_sc[sc] = by_sc.get(sc, 0) + mwh
    return {"md": load, "md_sc": by_sc}


PC_DEMAND = NODES.register(
    Node(
        code="PC-DEMAND",
        title="Metered demand over TAC area",
        role="PC",
        reads={"demand": "MWh"},
        gives=(
            Figures("md", "MWh", ("sc", "tac"), "Metered demand by SC and TAC area"),
            Figures("md_sc", "MWh", ("sc",), "Metered demand by SC over all TAC areas"),
        ),
        versions=(Version(SINCE, "MD(sc, tac) = Σ hours MWh(sc, tac)", demand_over_areas),),
        requirements=("BRQ-1230",),
        source="settlement rule book 4.2 (S2)",
    )
)

"""RMR-PENALTY and RMR-PEN-ALLOC: the penalty a contract has instead of RAAIM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.settlement.settlements.rules.allocation import NoLoad, allocate
from apps.settlement.settlements.rules.chain import (
    NODES,
    SINCE,
    Book,
    DayOfChain,
    Figures,
    Node,
    Version,
)
from apps.settlement.settlements.rules.lines import line_frame
from apps.settlement.settlements.rules.parameters import ALLOCATION_STEP


@dataclass(frozen=True)
class Penalty:
    """An approved penalty of a contract for a trade date, in cents."""

    contract_no: str
    cents: int


@implements("BRQ-0056", source="settlement rule book 15, decision G16")
def penalties(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Charge the penalty to the SC and give it back to those who bear the contract's cost.

    *Interpretation*: it is shared as RMR-ALLOC is. A contract that is held has no line.
    """
    charged, shared = [], []
    load = book["md"]
    by_contract = {r.contract.contract_no: r for r in book["rmr"] if r.settled}
    for penalty in book["penalties"]:
        found = by_contract.get(penalty.contract_no)
        if found is None:
            continue
        contract = found.contract
        try:
            parts = allocate(
                -penalty.cents,
                scope=contract.scope,
                load=load.cells,
                step=day.at(ALLOCATION_STEP),
                tac_mw={tac: MW.to_scaled(mw) for tac, mw in found.capacity.tac_mw.items()},
            )
        except NoLoad:
            continue
        no, key = contract.contract_no, contract.resource_id
        charged.append(("RMR-PENALTY", contract.sc_id, key, None, no, None, None, penalty.cents))
        areas, everything = load.by_area, sum(load.cells.values())
        shared += [
            (
                "RMR-PEN-ALLOC",
                load.sc_keys[sc],
                key,
                load.tac_keys[tac],
                no,
                load.cells[sc, tac],
                areas[tac] if contract.scope == "LOCAL" else everything,
                cents,
            )
            for (sc, tac), cents in sorted(parts.items())
        ]
    return {"penalty_lines": (line_frame(charged), line_frame(shared))}


def _part(code: str, position: int) -> Any:
    return lambda book, day: {code: book["penalty_lines"][position]}


NODES.register(
    Node(
        code="PC-PENALTY",
        title="Negotiated penalties",
        role="PC",
        reads={"penalties": "$", "rmr": "$", "md": "MWh"},
        gives=(Figures("penalty_lines", "$", ("contract",), "Penalty and its shares"),),
        versions=(Version(SINCE, "as approved for the trade date", penalties),),
        requirements=("BRQ-0056",),
        source="settlement rule book 15, decision G16",
        parameters=(ALLOCATION_STEP,),
    )
)
for position, (code, title, formula, direction) in enumerate(
    (
        ("RMR-PENALTY", "RMR negotiated penalty", "+penalty", "from the SC of the resource"),
        (
            "RMR-PEN-ALLOC",
            "RMR negotiated penalty, allocation",
            "−penalty × share as RMR-ALLOC",
            "to SCs by metered demand",
        ),
    )
):
    NODES.register(
        Node(
            code=code,
            title=title,
            role="CHARGE",
            reads={"penalty_lines": "$"},
            gives=(Figures(code, "cents", ("sc", "resource"), title),),
            versions=(Version(SINCE, formula, _part(code, position)),),
            requirements=("BRQ-0056",),
            source="settlement rule book 15, decision G16",
            direction=direction,
        )
    )

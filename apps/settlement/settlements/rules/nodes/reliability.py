"""The RMR family: capacity, netting, true-up, excess and the allocation of what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.reference.resources.codes import Vintage
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF
from apps.settlement.settlements.codes import ContractOutcome
from apps.settlement.settlements.rules.allocation import Cell, NoLoad, allocate
from apps.settlement.settlements.rules.capacity_payment import (
    CapacityDay,
    ContractDay,
    capacity_day,
)
from apps.settlement.settlements.rules.chain import (
    NODES,
    SINCE,
    Book,
    DayOfChain,
    Figures,
    Node,
    Version,
)
from apps.settlement.settlements.rules.demand import Load
from apps.settlement.settlements.rules.lines import PORTS_OF_MARKETS, exact, line_frame
from apps.settlement.settlements.rules.netting import (
    CapacityNet,
    MarketDay,
    MarketNet,
    capacity_lines,
    net_market,
)
from apps.settlement.settlements.rules.nodes.cost_recovery import RequestDay
from apps.settlement.settlements.rules.parameters import ALLOCATION_STEP, CAPACITY_MW_BASIS

NOTHING = CapacityNet(0, 0, 0, {})


@dataclass(frozen=True)
class RmrDay:
    """How a contract's day ended: capacity, what its markets netted to, lines, and who pays."""

    contract: ContractDay
    capacity: CapacityDay
    lines: CapacityNet = NOTHING
    parts: Mapping[Cell, int] = field(default_factory=dict)
    recoveries: tuple[RequestDay, ...] = ()

    @property
    def cost(self) -> int:
        """What load bears in cents: the net capacity cost and what the owner recovers."""
        return self.lines.net + sum(c.cents for c in self.recoveries)

    @property
    def settled(self) -> bool:
        """Whether anything is paid."""
        return self.capacity.outcome is ContractOutcome.SETTLED


def capacity_of(contract: ContractDay, day: DayOfChain) -> CapacityDay:
    """Return the base amount of a contract's day (see ``capacity_day``)."""
    return capacity_day(contract, cutoff=day.at(NEW_TARIFF_CUTOFF), basis=day.at(CAPACITY_MW_BASIS))


def _held(found: CapacityDay, key: int, held: Mapping[int, str]) -> CapacityDay:
    if found.outcome is not ContractOutcome.SETTLED or key not in held:
        return found
    said = f"Held: {held[key]}"
    return replace(found, outcome=ContractOutcome.DATA_HOLD, amount_cents=0, sentence=said)


@implements("BRQ-1205", "BRQ-1210", "BRQ-1200", source="settlement rule book 3.1")
def capacities(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Pay capacity times price; legacy contracts are told apart here and go no further.

    A contract whose resource is held is paid nothing: what its markets net to is not known.
    """
    held = book["holds"].costs
    found = [RmrDay(c, _held(capacity_of(c, day), c.resource_id, held)) for c in book["contracts"]]
    new = {r.contract.resource_id for r in found if r.capacity.vintage is not Vintage.LEGACY}
    legacy = {
        r.contract.resource_id: r.contract.condition
        for r in found
        if r.capacity.vintage is Vintage.LEGACY
    }
    return {"capacity": found, "reliability": new, "legacy": legacy}


@implements("BRQ-1225", "BRQ-1255", "MSIM-2010", "MSIM-2025", source="settlement rule book 3.4")
def nets_of(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Net each market of each new-tariff RMR resource; nobody else is clawed back."""
    found: dict[int, list[MarketNet]] = {key: [] for key in sorted(book["reliability"])}
    inputs: dict[tuple[int, str], MarketDay] = {}
    for market, port in PORTS_OF_MARKETS.items():
        rows = book[port].filter(pl.col("resource_id").is_in(list(found)))
        for row in rows.iter_rows(named=True):
            key = row["resource_id"]
            inputs[key, market] = MarketDay(
                market,
                exact(row["cost"]),
                exact(row["adders"]),
                exact(row["revenue"]),
                exact(row["own_cost"]),
                exact(row["own_revenue"]),
            )
            found[key].append(net_market(inputs[key, market]))
    return {"nets": found, "netted": inputs}


def settle_contract(
    found: RmrDay,
    nets: list[MarketNet],
    load: Load,
    step: str,
    recoveries: tuple[RequestDay, ...] = (),
) -> RmrDay:
    """Put lines and allocation to a contract's capacity; hold it where nobody can be charged.

    Raises nothing: a TAC area without load holds the contract (decision G23).
    """
    if not found.settled:
        return found
    base = Fraction(found.capacity.base_pay_usd)
    borne = replace(found, recoveries=recoveries)
    lines = replace(capacity_lines(base, nets), cap=found.capacity.amount_cents)
    borne = replace(borne, lines=lines)
    try:
        parts = allocate(
            borne.cost,
            scope=found.contract.scope,
            load=load.cells,
            step=step,
            tac_mw={tac: MW.to_scaled(mw) for tac, mw in found.capacity.tac_mw.items()},
        )
    except NoLoad as trouble:
        held = replace(
            found.capacity,
            outcome=ContractOutcome.UNALLOCATED_NO_LOAD,
            amount_cents=0,
            sentence=f"{trouble}: nothing is paid that cannot be charged.",
        )
        return replace(found, capacity=held)
    return replace(borne, parts=parts)


@implements("BRQ-1225", "BRQ-1230", source="settlement rule book 3.4 and 4.3")
def settle_contracts(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Settle every contract: its lines, and its net cost with recoveries, shared by load ratio."""
    step = day.at(ALLOCATION_STEP)
    recovered: dict[int, list[RequestDay]] = {}
    for one in book["recovery"]:
        recovered.setdefault(one.resource_id, []).append(one)
    return {
        "rmr": [
            settle_contract(
                r, book["nets"].get(key, []), book["md"], step, tuple(recovered.get(key, ()))
            )
            for r, key in ((r, r.contract.resource_id) for r in book["capacity"])
        ]
    }


def _owner(code: str, amount: str) -> Any:
    def compute(book: Book, day: DayOfChain) -> Mapping[str, Any]:
        kept = [(r, getattr(r.lines, amount)) for r in book["rmr"] if r.settled]
        return {
            code: line_frame(
                (
                    code,
                    r.contract.sc_id,
                    r.contract.resource_id,
                    None,
                    r.contract.contract_no,
                    None,
                    None,
                    cents,
                )
                for r, cents in kept
                if cents or amount == "cap"
            )
        }

    return compute


def _allocation(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    load: Load = book["md"]
    areas, everything = load.by_area, sum(load.cells.values())
    return {
        "RMR-ALLOC": line_frame(
            (
                "RMR-ALLOC",
                load.sc_keys[sc],
                r.contract.resource_id,
                load.tac_keys[tac],
                r.contract.contract_no,
                load.cells[sc, tac],
                areas[tac] if r.contract.scope == "LOCAL" else everything,
                cents,
            )
            for r in book["rmr"]
            for (sc, tac), cents in sorted(r.parts.items())
        )
    }


NODES.register(
    Node(
        code="PC-RMR-CAP",
        title="RMR capacity",
        role="PC",
        reads={"contracts": "MW, $/MW-day", "holds": "held"},
        gives=(
            Figures("capacity", "$", ("contract",), "Base amount of each contract"),
            Figures("reliability", "resources", (), "Resources with a new-tariff contract"),
            Figures("legacy", "resources", (), "Resources with a legacy contract, by condition"),
        ),
        versions=(Version(SINCE, "BasePay = max over types of Σ MW × Price", capacities),),
        requirements=("BRQ-1205", "BRQ-1210", "BRQ-1225"),
        source="settlement rule book 3.1",
        parameters=(NEW_TARIFF_CUTOFF, CAPACITY_MW_BASIS),
    )
)
NODES.register(
    Node(
        code="PC-RMR-MARKET",
        title="RMR market netting",
        role="PC",
        reads={"reliability": "resources", "ifm": "$", "rucrtm": "$"},
        gives=(
            Figures("nets", "$", ("resource", "market"), "Adjusted cost, uplift and excess"),
            Figures("netted", "$", ("resource", "market"), "Cost, adders and revenue as netted"),
        ),
        versions=(
            Version(
                SINCE,
                "C' = C − min(A, C);  Net = C' − R;  BCR' = max(0, Net);  Excess = max(0, −Net)",
                nets_of,
            ),
        ),
        requirements=("BRQ-1225", "BRQ-1255", "MSIM-2010", "MSIM-2025"),
        source="settlement rule book 3.4 (S1)",
    )
)
NODES.register(
    Node(
        code="PC-RMR-NET",
        title="RMR net capacity",
        role="PC",
        reads={"capacity": "$", "nets": "$", "md": "MWh", "recovery": "$"},
        gives=(Figures("rmr", "$", ("contract",), "Lines and allocation of each contract"),),
        versions=(
            Version(
                SINCE,
                "NetCapacity = BasePay − Σ Excess;  Cost = NetCapacity + Σ Recovered",
                settle_contracts,
            ),
        ),
        requirements=("BRQ-1225", "BRQ-1230"),
        source="settlement rule book 3.4 and 4.3",
        parameters=(ALLOCATION_STEP,),
    )
)
CODES = (
    ("RMR-CAP", "RMR capacity payment", "cap", "−BasePay"),
    ("RMR-ADDER", "RMR adder true-up", "adder", "+Σ min(A, Excess)"),
    ("RMR-EXCESS", "RMR excess market revenue", "excess", "+Σ (Excess − adder part)"),
)
for code, title, amount, formula in CODES:
    NODES.register(
        Node(
            code=code,
            title=title,
            role="CHARGE",
            reads={"rmr": "$"},
            gives=(Figures(code, "cents", ("sc", "resource"), title),),
            versions=(Version(SINCE, formula, _owner(code, amount)),),
            requirements=("BRQ-1225",),
            source="settlement rule book 3.4",
            direction="to the SC of the resource",
        )
    )
NODES.register(
    Node(
        code="RMR-ALLOC",
        title="RMR cost allocation",
        role="CHARGE",
        reads={"rmr": "$", "md": "MWh"},
        gives=(Figures("RMR-ALLOC", "cents", ("sc", "resource", "tac"), "Share of the SC"),),
        versions=(
            Version(
                SINCE,
                "Cost × MW(tac)/ΣMW × MD(sc, tac)/MD(tac);  system: × MD(sc)/MD(sys)",
                _allocation,
            ),
        ),
        requirements=("BRQ-1230",),
        source="settlement rule book 4.3",
        direction="from SCs by metered demand",
    )
)

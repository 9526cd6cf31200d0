"""The calculator ``capacity-allocation``: one resource-day on its own, JSON in and out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from apps.platform.core.calculator import (
    Calculator,
    Inputs,
    NotNegative,
    OneOf,
    Outputs,
    Refused,
    Row,
    Text,
    Usd,
    Violation,
    field,
    twice,
)
from apps.platform.core.money import cents_to_usd, usd_to_cents
from apps.platform.core.quantity import common_scale
from apps.settlement.settlements.rules.allocation import Cell, NoLoad, allocate


class LoadGiven(Row):
    """Metered demand of one SC in one TAC area."""

    sc: Text = field("SC.")
    tac: Text = field("TAC area.")
    mwh: NotNegative = field("Metered demand of the day.", unit="MWh")


class CapacityAllocationInputs(Inputs):
    """The net cost of one resource and day, and the loads that bear it."""

    net_capacity_usd: Usd = field("Net cost, at most two decimals; its sign is kept.", unit="$")
    scope: Annotated[str, OneOf("LOCAL", "SYSTEM")] = field("Which loads bear the cost.")
    tac_mw: dict[str, NotNegative] = field(
        "Contract MW by TAC area; not used for SYSTEM.", unit="MW", default={}
    )
    load_mwh: list[LoadGiven] = field(
        "Metered demand of the day, one row for each SC and TAC area.", unit="MWh"
    )

    def check(self) -> Iterable[Violation]:
        """Return what a LOCAL allocation lacks, and what stands twice."""
        if self.scope == "LOCAL" and "tac_mw" not in self.model_fields_set:
            yield Violation("CALC-MISSING", "The field 'tac_mw' is missing.", column="tac_mw")
        elif self.scope == "LOCAL" and not any(self.tac_mw.values()):
            yield Violation(
                "CALC-NO-MW",
                "A LOCAL allocation needs a TAC area with MW above zero.",
                column="tac_mw",
            )
        if not self.load_mwh:
            yield Violation("CALC-NO-LOAD", "load_mwh must hold a row.", column="load_mwh")
        yield from twice(((r.sc, r.tac) for r in self.load_mwh), "load_mwh")


class AllocatedLine(Row, extra="forbid"):
    """What one SC bears in one TAC area."""

    sc: Text = field("SC.")
    tac: Text = field("TAC area.")
    usd: Usd = field("Allocated cost.", unit="$")


class CapacityAllocationOutputs(Outputs):
    """Who bears how much."""

    lines: list[AllocatedLine] = field("Allocated cost of each SC and TAC area.", unit="$")
    by_sc: dict[str, Usd] = field("Allocated cost of each SC.", unit="$")
    total_usd: Usd = field("The sum, equal to the net cost.", unit="$")


def capacity_allocation(given: CapacityAllocationInputs) -> dict[str, Any]:
    """Allocate a net capacity amount to SCs by load ratio share (see ``allocate``)."""
    cells: list[Cell] = [(r.sc, r.tac) for r in given.load_mwh]
    load = dict(zip(cells, common_scale([r.mwh for r in given.load_mwh]), strict=True))
    scaled = zip(given.tac_mw, common_scale(list(given.tac_mw.values())), strict=True)
    areas = {tac: mw for tac, mw in scaled if mw > 0}
    try:
        parts = allocate(
            usd_to_cents(given.net_capacity_usd), scope=given.scope, tac_mw=areas, load=load
        )
    except NoLoad as trouble:
        raise Refused.because("UNALLOCATED_NO_LOAD", f"{trouble}.", "load_mwh") from trouble
    bearing = set(areas) if given.scope == "LOCAL" else {tac for _, tac in cells}
    by_sc: dict[str, int] = {}
    lines = []
    for sc, tac in sorted(c for c in cells if c[1] in bearing):
        cents = parts.get((sc, tac), 0)
        by_sc[sc] = by_sc.get(sc, 0) + cents
        lines.append({"sc": sc, "tac": tac, "usd": str(cents_to_usd(cents))})
    return {
        "lines": lines,
        "by_sc": {sc: str(cents_to_usd(cents)) for sc, cents in sorted(by_sc.items())},
        "total_usd": str(cents_to_usd(sum(by_sc.values()))),
    }


CAPACITY_ALLOCATION = Calculator(
    name="capacity-allocation",
    title="Capacity allocation",
    meaning="Allocates the net capacity cost of one resource and day by load ratio share: LOCAL "
    "over the loads of its TAC areas by MW, SYSTEM over all loads.",
    inputs=CapacityAllocationInputs,
    outputs=CapacityAllocationOutputs,
    example={
        "net_capacity_usd": "15800.00",
        "scope": "LOCAL",
        "tac_mw": {"PGE-TAC": "70", "SCE-TAC": "30"},
        "load_mwh": [
            {"sc": "SC_A", "tac": "PGE-TAC", "mwh": "90000"},
            {"sc": "SC_B", "tac": "PGE-TAC", "mwh": "30000"},
            {"sc": "SC_A", "tac": "SCE-TAC", "mwh": "45000"},
            {"sc": "SC_B", "tac": "SCE-TAC", "mwh": "55000"},
        ],
    },
    compute=capacity_allocation,
    requirements=("BRQ-1230",),
)

"""The calculator ``capacity-allocation``: one resource-day on its own, JSON in and out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.money import cents_to_usd, usd_to_cents
from apps.platform.kernel.quantity import common_scale
from apps.settlement.settlements.rules.allocation import Cell, NoLoad, allocate

FIELDS = ("net_capacity_usd", "scope", "tac_mw", "load_mwh")


def capacity_allocation(body: Mapping[str, Any]) -> dict[str, Any]:
    """Allocate a net capacity amount to SCs by load ratio share (see ``allocate``)."""
    document = Document.open(body, known=FIELDS)
    net = document.usd("net_capacity_usd")
    scope = document.get("scope")
    if "scope" in body and scope not in ("LOCAL", "SYSTEM"):
        document.findings.add("CALC-CHOICE", "scope must be LOCAL or SYSTEM.", column="scope")
    areas = _areas(document, scope)
    cells = _cells(document)
    document.close()
    load = dict(zip(cells, common_scale(list(cells.values())), strict=True))
    try:
        parts = allocate(usd_to_cents(net), scope=str(scope), tac_mw=areas, load=load)
    except NoLoad as trouble:
        document.findings.add("UNALLOCATED_NO_LOAD", f"{trouble}.", column="load_mwh")
        document.close()
    bearing = set(areas) if scope == "LOCAL" else {tac for _, tac in cells}
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


def _areas(document: Document, scope: Any) -> dict[str, int]:
    given = document.mapping("tac_mw") if scope != "SYSTEM" or "tac_mw" in document.body else {}
    numbers = [
        document.number(value, f"tac_mw.{tac}", minimum=Decimal(0)) for tac, value in given.items()
    ]
    if scope == "LOCAL" and isinstance(document.body.get("tac_mw"), dict) and not any(numbers):
        document.findings.add(
            "CALC-NO-MW", "A LOCAL allocation needs a TAC area with MW above zero.", column="tac_mw"
        )
    scaled = dict(zip(given, common_scale(numbers), strict=True))
    return {tac: mw for tac, mw in scaled.items() if mw > 0}


def _cells(document: Document) -> dict[Cell, Decimal]:
    cells: dict[Cell, Decimal] = {}
    rows = document.rows("load_mwh")
    for position, row in enumerate(rows):
        at = f"load_mwh[{position}]"
        if not isinstance(row, dict):
            document.findings.add("CALC-SHAPE", f"{at} must be an object.", column=at)
            continue
        sc, tac = document.text(row, "sc", at), document.text(row, "tac", at)
        mwh = document.number(row.get("mwh"), f"{at}.mwh", minimum=Decimal(0))
        if (sc, tac) in cells:
            document.findings.add(
                "CALC-DOUBLE", f"{at}: {sc} in {tac} stands twice; give its sum once.", column=at
            )
        cells[sc, tac] = mwh
    if isinstance(document.body.get("load_mwh"), list) and not rows:
        document.findings.add("CALC-NO-LOAD", "load_mwh must hold a row.", column="load_mwh")
    return cells


CAPACITY_ALLOCATION = Calculator(
    name="capacity-allocation",
    title="Capacity allocation",
    meaning="Allocates the net capacity cost of one resource and day by load ratio share: LOCAL "
    "over the loads of its TAC areas by MW, SYSTEM over all loads.",
    inputs=(
        Port(
            "net_capacity_usd",
            "decimal string",
            "$",
            "Net cost, at most two decimals; its sign is kept.",
        ),
        Port("scope", "LOCAL or SYSTEM", "", "Which loads bear the cost."),
        Port(
            "tac_mw",
            "object of decimal strings",
            "MW",
            "Contract MW by TAC area; not used for SYSTEM.",
        ),
        Port(
            "load_mwh",
            "list of {sc, tac, mwh}",
            "MWh",
            "Metered demand of the day, one row for each SC and TAC area.",
        ),
    ),
    outputs=(
        Port("lines", "list of {sc, tac, usd}", "$", "Allocated cost of each SC and TAC area."),
        Port("by_sc", "object of decimal strings", "$", "Allocated cost of each SC."),
        Port("total_usd", "decimal string", "$", "The sum, equal to the net cost."),
    ),
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

"""The calculator of transitions: Appendix 5 on its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.bidding.costs.rules.transitions import Configuration, evaluate_transitions
from apps.platform.kernel.calculator import Calculator, Document, Port

CENT = Decimal("0.01")


def _objects(document: Document, name: str) -> list[tuple[str, Mapping[str, Any]]]:
    found: list[tuple[str, Mapping[str, Any]]] = []
    for number, row in enumerate(document.rows(name), 1):
        if isinstance(row, dict):
            found.append((f"{name}[{number}]", row))
        else:
            document.findings.add(
                "CALC-SHAPE", f"{name}[{number}] must be a JSON object.", column=name
            )
    return found


def _configuration(document: Document, at: str, row: Mapping[str, Any]) -> Configuration:
    mma = row.get("mma_startup_usd")
    amount = None
    if mma is not None:
        amount = document.number(mma, f"{at}.mma_startup_usd", minimum=Decimal(0))
        if amount != amount.quantize(CENT):
            document.findings.add(
                "CALC-CENTS", f"{at}.mma_startup_usd holds fractions of a cent.", column=at
            )
    return Configuration(
        document.text(row, "id", at),
        document.number(row.get("pmax_mw"), f"{at}.pmax_mw", minimum=Decimal(0)),
        amount,
    )


def mma_transitions(body: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate transitions (see ``evaluate_transitions``)."""
    document = Document.open(body, known=("configurations", "transitions"))
    configurations: dict[str, Configuration] = {}
    for at, row in _objects(document, "configurations"):
        found = _configuration(document, at, row)
        if found.config in configurations:
            document.findings.add("CALC-DOUBLE", f"{at}: {found.config} stands twice.", column=at)
        configurations[found.config] = found
    pairs = [
        (document.text(row, "from", at), document.text(row, "to", at))
        for at, row in _objects(document, "transitions")
    ]
    document.close()
    done, findings = evaluate_transitions(configurations, pairs)
    document.findings.extend(findings)
    document.close()
    return {
        "transitions": [
            {
                "from": t.source,
                "to": t.target,
                "recorded": t.recorded,
                "mma_transition_usd": None
                if t.mma_transition is None
                else f"{t.mma_transition.quantize(CENT):f}",
                "broadcast": t.broadcast,
            }
            for t in done
        ]
    }


MMA_TRANSITIONS = Calculator(
    name="mma-transitions",
    title="MMA transition costs",
    meaning="Which transitions are upward, and the major maintenance cost of each.",
    inputs=(
        Port("configurations", "list", "", "id, pmax_mw, mma_startup_usd (null where none)."),
        Port("transitions", "list", "", "from and to, as the Master File lists them."),
    ),
    outputs=(
        Port("transitions", "list", "", "from, to, recorded, mma_transition_usd, broadcast."),
    ),
    example={
        "configurations": [
            {"id": "1X1", "pmax_mw": "270", "mma_startup_usd": "1000"},
            {"id": "1X2", "pmax_mw": "330", "mma_startup_usd": "3500"},
            {"id": "2X3", "pmax_mw": "560", "mma_startup_usd": None},
        ],
        "transitions": [
            {"from": "1X1", "to": "1X2"},
            {"from": "1X2", "to": "2X3"},
            {"from": "1X2", "to": "1X1"},
        ],
    },
    compute=mma_transitions,
    requirements=("BRQ-0097", "BRQ-0098", "APP-5"),
)

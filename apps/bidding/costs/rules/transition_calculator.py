"""The calculator of transitions: Appendix 5 on its own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from apps.bidding.costs.rules.transitions import Configuration, evaluate_transitions
from apps.platform.core.calculator import (
    Calculator,
    Flag,
    Inputs,
    NotNegative,
    NotNegativeUsd,
    Outputs,
    Refused,
    Row,
    Text,
    Usd,
    Violation,
    field,
    twice,
)

CENT = Decimal("0.01")


class MmaConfiguration(Row):
    """A configuration as the Master File has it."""

    id: Text = field("Its name.")
    pmax_mw: NotNegative = field("Largest output.", unit="MW")
    mma_startup_usd: NotNegativeUsd | None = field(
        "Per start, null where none.", unit="$", default=None
    )


class MmaTransition(Row):
    """A transition as the Master File has it."""

    source: Text = field("Configuration it starts in.", alias="from")
    target: Text = field("Configuration it ends in.", alias="to")


class MmaTransitionsInputs(Inputs):
    """The configurations of a resource and the transitions between them."""

    configurations: list[MmaConfiguration] = field("mma_startup_usd is null where there is none.")
    transitions: list[MmaTransition] = field("As the Master File lists them.")

    def check(self) -> Iterable[Violation]:
        """Return configurations that stand twice."""
        return twice((c.id for c in self.configurations), "configurations")


class MmaTransitionCost(Row, extra="forbid"):
    """A transition with its cost; broadcast and recorded as the rule says."""

    source: Text = field("Configuration it starts in.", alias="from")
    target: Text = field("Configuration it ends in.", alias="to")
    recorded: Flag = field("Whether a cost is recorded.")
    mma_transition_usd: Usd | None = field("Cost of an upward transition.", unit="$")
    broadcast: Flag = field("Whether the markets are told.")


class MmaTransitionsOutputs(Outputs):
    """The cost of each transition."""

    transitions: list[MmaTransitionCost] = field("In the order given.")


def mma_transitions(given: MmaTransitionsInputs) -> dict[str, Any]:
    """Evaluate transitions (see ``evaluate_transitions``)."""
    done, violations = evaluate_transitions(
        {c.id: Configuration(c.id, c.pmax_mw, c.mma_startup_usd) for c in given.configurations},
        [(t.source, t.target) for t in given.transitions],
    )
    if violations:
        raise Refused(violations)
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
    inputs=MmaTransitionsInputs,
    outputs=MmaTransitionsOutputs,
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

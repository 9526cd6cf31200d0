"""Transitions between the configurations of multi-stage resources, as rows of a run."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

import polars as pl

from apps.bidding.costs.codes import AdderKind
from apps.bidding.costs.rules import (
    Configuration,
    ConfigurationTransition,
    evaluate_transitions,
)
from apps.bidding.costs.services.inputs import (
    CostInputs,
)
from apps.bidding.costs.services.remarks import Remarks
from apps.platform.core.quantity import (
    COST,
    MW,
)
from apps.platform.core.rulebook import implements

TRANSITION_COLUMNS = {
    "resource_id": pl.Int64,
    "unit": pl.String,
    "from_config": pl.String,
    "to_config": pl.String,
    "from_pmax": pl.Int64,
    "to_pmax": pl.Int64,
    "mma_from": pl.Int64,
    "mma_to": pl.Int64,
    "mma": pl.Int64,
    "broadcast": pl.Boolean,
}


@implements("BRQ-0097", "BRQ-0098", source="BRS 1.2 section 6.1.2 and Appendix 5")
def evaluated(found: CostInputs, remarks: Remarks) -> dict[int, list[ConfigurationTransition]]:
    """Return every transition of every multi-stage resource as the rule evaluates it."""
    by_resource: dict[int, dict[str, Configuration]] = {}
    for row in found.configurations:
        by_resource.setdefault(row.resource_id, {})[row.config] = Configuration(
            row.config,
            row.pmax_mw,
            found.adders.amount(row.resource_id, AdderKind.MMA_START_UP, row.config),
        )
    done: dict[int, list[ConfigurationTransition]] = {}
    for key, rows in groupby(found.transitions, key=lambda t: t.resource_id):
        listed = list(rows)
        ends = [(t.from_config, t.to_config) for t in listed]
        done[key], violations = evaluate_transitions(by_resource.get(key, {}), ends)
        remarks.add(listed[0].resource__code, key, violations)
    return done


def transition_frame(
    found: CostInputs, transitions: dict[int, list[ConfigurationTransition]]
) -> pl.DataFrame:
    """Return the upward transitions as rows of the run."""
    pmax = {(c.resource_id, c.config): MW.to_scaled(c.pmax_mw) for c in found.configurations}
    names = {c.resource_id: c.resource__code for c in found.configurations}
    rows = [
        (
            key,
            names[key],
            t.source,
            t.target,
            pmax[key, t.source],
            pmax[key, t.target],
            _scaled(t.mma_from),
            _scaled(t.mma_to),
            _scaled(t.mma_transition),
            t.broadcast,
        )
        for key, done in transitions.items()
        for t in done
        if t.recorded
    ]
    return pl.DataFrame(rows, schema=TRANSITION_COLUMNS, orient="row")


def _scaled(amount: Decimal | None) -> int | None:
    return None if amount is None else COST.to_scaled(amount)

"""PC-RECOVERY and RMR-COSTREC: approved gas, repair and motoring costs of new-tariff RMR."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.money import half_up_cents
from apps.platform.core.rulebook import implements
from apps.settlement.cost_recovery.rules import RECOVERY_RULE, Interval, Recoverable, recoverable
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


@dataclass(frozen=True)
class RequestDay:
    """A request's trade date: its resource, its items worked out, and the line of them all."""

    label: str
    resource_id: int
    items: tuple[Recoverable, ...]

    @property
    def cents(self) -> int:
        """What is paid, positive to the owner, rounded half up once."""
        return half_up_cents(sum((r.usd or Fraction(0) for r in self.items), Fraction(0)))


@implements("BRQ-1275", "BRQ-1270", source="BRS 1.2 section 6.4.1; settlement rule book 10.3")
def recoveries(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Work out every approved cost of the day, by request.

    A day without any asks no parameter and reads no energy.
    """
    found: dict[str, list[Recoverable]] = {}
    for claim in book["recoveries"]:
        mine = pl.col("resource_id") == claim.resource_id
        energy = [
            Interval(*row)
            for row in book["intervals"]
            .filter(mine)
            .select("hour_ending", "interval", "metered_mwh", "rtd_lmp")
            .sort("hour_ending", "interval")
            .iter_rows()
        ]
        steps = book["costs"]["basis"].filter(mine).sort("to_mw").select("to_mw", "price")
        worked = recoverable(claim, energy, list(steps.iter_rows()), day.at(RECOVERY_RULE))
        found.setdefault(claim.label, []).append(worked)
    return {
        "recovery": [
            RequestDay(label, items[0].claim.resource_id, tuple(items))
            for label, items in found.items()
        ]
    }


NODES.register(
    Node(
        code="PC-RECOVERY",
        title="Cost recovery",
        role="PC",
        reads={"recoveries": "$", "intervals": "MWh, $", "costs": "$"},
        gives=(Figures("recovery", "$", ("request",), "What each approved request recovers"),),
        versions=(
            Version(
                SINCE,
                "gas Σ MWh × max(0, min(Actual, LMP) − Basis) or Σ MWh × max(0, Actual − "
                "max(Basis, LMP));  repair and motoring as approved",
                recoveries,
            ),
        ),
        requirements=("BRQ-1275", "BRQ-1265", "BRQ-1270"),
        source="settlement rule book 10.3",
        parameters=(RECOVERY_RULE,),
    )
)


def _lines(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    return {
        "RMR-COSTREC": line_frame(
            (
                "RMR-COSTREC",
                r.contract.sc_id,
                r.contract.resource_id,
                None,
                c.label,
                None,
                None,
                -c.cents,
            )
            for r in book["rmr"]
            if r.settled
            for c in r.recoveries
            if c.cents
        )
    }


NODES.register(
    Node(
        code="RMR-COSTREC",
        title="RMR cost recovery",
        role="CHARGE",
        reads={"rmr": "$"},
        gives=(Figures("RMR-COSTREC", "cents", ("sc", "resource"), "Approved costs"),),
        versions=(Version(SINCE, "−Σ recovered, by request", _lines),),
        requirements=("BRQ-1275",),
        source="settlement rule book 10.3",
        direction="to the SC of the resource",
    )
)

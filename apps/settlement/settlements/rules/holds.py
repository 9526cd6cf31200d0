"""What of a day is held because an input is missing or outdated: it is neither zero nor partial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import first_of_month
from apps.settlement.settlements.rules.nodes.commitment import PLACE, events_of, met_by

OF_MARKETS = ("BCR-IFM", "BCR-RTM")
OF_CONTRACTS = ("RMR-CAP", "RMR-ADDER", "RMR-EXCESS", "RMR-COSTREC", "RMR-PENALTY")
OF_MONTHS = ("RAAIM-SET",)
SHARES_OF_MARKETS = ("BCR-ALLOC-IFM", "BCR-ALLOC-RTM")
SHARES_OF_CONTRACTS = ("RMR-ALLOC", "RMR-PEN-ALLOC")
SHARES_OF_MONTHS = ("RAAIM-ALLOC",)


@dataclass(frozen=True)
class HeldLine:
    """Lines of a statement that have no amount, and what they wait for.

    ``resource``: its code; empty for shares of what resources of other SCs are charged or paid.
    ``charges``: the codes without an amount. ``sentence``: which input is missing or outdated.
    ``until``: what has to come before a later version charges or pays them.
    """

    resource: str
    charges: tuple[str, ...]
    sentence: str
    until: str


@dataclass(frozen=True)
class MonthHeld:
    """RAAIM of a resource and RA type that is held in a month.

    ``month``: its first day, of the month settled or of one whose carry it takes. ``measured``: how
    many of the ``assessed`` days are measured.
    """

    month: date
    resource_id: int
    ra_type: str
    source: str
    sc_id: int | None
    assessed: int
    measured: int


@dataclass(frozen=True)
class HeldResults:
    """What of a trade date is held: resources by why, and RAAIM by month and resource."""

    costs: Mapping[int, str] = field(default_factory=dict)
    months: tuple[MonthHeld, ...] = ()

    def resources_in(self, month: date) -> set[int]:
        """Return the resources whose RAAIM of a month is held, all of it: RA types overlap.

        month: its first day.
        """
        return {m.resource_id for m in self.months if m.month == month}


def held_of(rows: Iterable[Mapping[str, Any]], day: date) -> HeldResults:
    """Return the holds of a run, as they are kept on it, in the form the chain reads.

    day: its trade date. A hold kept without a month is one of the month settled. What only takes a
    reason to publish is settled like anything else.
    """
    told = [h for h in rows if "effect" not in h]
    return HeldResults(
        {h["resource_id"]: h["sentence"] for h in told if "month" not in h["details"]},
        tuple(_month_held(h, first_of_month(day)) for h in told if "month" in h["details"]),
    )


def _month_held(hold: Mapping[str, Any], own: date) -> MonthHeld:
    details = dict(hold["details"]["month"])
    month = date.fromisoformat(details.pop("month", str(own)))
    return MonthHeld(month, hold["resource_id"], **details)


@dataclass(frozen=True)
class CostNeed:
    """What a resource's day takes from the daily costs.

    ``proxy``: (cost, configuration, to configuration) of events without a cost of their own.
    ``mma``: whether the MMA of a transition is clawed back.
    """

    resource_id: int
    proxy: tuple[tuple[str, str, str], ...]
    mma: bool


@implements("BRQ-1255", "BRQ-1206", source="settlement rule book 15, decision G36")
def cost_needs(
    commitments: pl.DataFrame, approved: pl.DataFrame, reliability: set[int], concerned: set[int]
) -> list[CostNeed]:
    """Return what the commitments of a day take from the daily costs, by resource.

    Events that are not qualified, self-committed ones and runs without an interval take nothing.
    An event without a cost in the file or an approved one takes the proxy cost; a transition of
    new-tariff RMR takes its MMA. reliability: resources of new-tariff RMR. concerned: resources
    that somebody is settled for.
    """
    events = events_of(commitments).filter(
        (pl.col("qualified") == "Y")
        & (pl.col("committed") != "SELF")
        & ((pl.col("event") != "RUN") | (pl.col("intervals").fill_null(0) > 0))
        & pl.col("resource_id").is_in(sorted(concerned))
    )
    paid = set(met_by(events, approved)["line_no"]) if approved.height else set()
    found: dict[int, tuple[set[tuple[str, str, str]], bool]] = {}
    names = ("line_no", "event", "filed", *PLACE)
    for line, event, filed, key, *place in events.select(names).iter_rows():
        proxy, mma = found.get(key, (set(), False))
        if filed is None and line not in paid:
            proxy = proxy | {tuple(place)}
        mma = mma or (event == "TRANSITION" and key in reliability)
        found[key] = (proxy, mma)
    return [
        CostNeed(key, tuple(sorted(proxy)), mma)
        for key, (proxy, mma) in sorted(found.items())
        if proxy or mma
    ]

"""CPM-SET and CPM-ALLOC: CPM designations of the month and who bears them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.money import half_up_cents
from apps.platform.core.rulebook import implements
from apps.platform.core.shares import split_cents
from apps.platform.core.tradetime import last_of_month
from apps.settlement.settlements.rules.chain import (
    NODES,
    SINCE,
    Book,
    DayOfChain,
    Figures,
    Node,
    Version,
)
from apps.settlement.settlements.rules.cpm_payment import cpm_payment
from apps.settlement.settlements.rules.demand import shared_lines
from apps.settlement.settlements.rules.lines import line_frame


@dataclass(frozen=True)
class CpmMonth:
    """A designation in one month: MW, the price of each day it was designated, and where.

    prices: (day, $/kW-month). areas: TAC area codes whose load bears it; empty for all. shares:
    (SC code, its key, MW in stored steps) of deficient LSEs who bear it instead; empty for none.
    """

    label: str
    resource_id: int
    sc_id: int
    mw: Fraction
    prices: tuple[tuple[date, Fraction], ...]
    areas: frozenset[str]
    shares: tuple[tuple[str, int, int], ...] = ()

    def amount(self, days_in_month: int) -> Fraction:
        """Return the exact payment, each price over its days."""
        by_price: dict[Fraction, int] = {}
        for _, price in self.prices:
            by_price[price] = by_price.get(price, 0) + 1
        return sum(
            (cpm_payment(self.mw, p, days, days_in_month) for p, days in by_price.items()),
            Fraction(0),
        )


@dataclass(frozen=True)
class MonthDemand:
    """Metered demand of a month by trade date, SC and TAC area code."""

    days: Mapping[date, Mapping[tuple[str, str], int]]

    def over(self, areas: set[str], wanted: set[date] | None) -> dict[str, int]:
        """Return demand by SC over some days (None: all) and TAC areas (empty: all)."""
        found: dict[str, int] = {}
        for day, cells in self.days.items():
            if wanted is None or day in wanted:
                for (sc, tac), mwh in cells.items():
                    if mwh > 0 and (not areas or tac in areas):
                        found[sc] = found.get(sc, 0) + mwh
        return found


@implements("BRQ-1320", source="settlement rule book 9.2")
def payments(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Pay each designation on the last trade date of its month."""
    count = last_of_month(day.date).day
    return {
        "CPM-SET": line_frame(
            (
                "CPM-SET",
                c.sc_id,
                c.resource_id,
                None,
                c.label,
                None,
                None,
                -half_up_cents(c.amount(count)),
            )
            for c in book["cpm"]
        )
    }


@implements("BRQ-1320", source="settlement rule book 9.3")
def allocation(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Share each designation: by what LSEs fell short, or by the demand of its area on its days.

    Deficient LSEs bear it where their deficiencies are on file. *Interpretation*: where they are
    not, load bears it whatever the cause; a resource without a TAC area is borne by all areas.
    """
    found = [line_frame(())]
    paid = {row["contract_no"]: row["amount"] for row in book["CPM-SET"].iter_rows(named=True)}
    for case in book["cpm"]:
        if case.shares:
            keys = {sc: key for sc, key, _ in case.shares}
            parts = split_cents(-paid[case.label], {sc: mw for sc, _, mw in case.shares})
            found.append(
                line_frame(
                    ("CPM-ALLOC", keys[sc], case.resource_id, None, case.label, None, None, cents)
                    for sc, cents in sorted(parts.items())
                )
            )
            continue
        days = {d for d, _ in case.prices}
        demand = book["month_demand"].over(set(case.areas), days)
        found.append(
            shared_lines(
                "CPM-ALLOC",
                -paid[case.label],
                demand,
                book["md"].sc_keys,
                contract_no=case.label,
                resource_id=case.resource_id,
            )
        )
    return {"CPM-ALLOC": pl.concat(found)}


NODES.register(
    Node(
        code="CPM-SET",
        title="CPM payment",
        role="CHARGE",
        monthly=True,
        external="7891",
        reads={"cpm": "MW, $/kW-month"},
        gives=(Figures("CPM-SET", "cents", ("sc", "resource"), "Payment"),),
        versions=(
            Version(SINCE, "−MW × 1000 × price × days designated / days of the month", payments),
        ),
        requirements=("BRQ-1320",),
        source="settlement rule book 9.2",
        direction="to the SC",
    )
)
NODES.register(
    Node(
        code="CPM-ALLOC",
        title="CPM allocation",
        role="CHARGE",
        monthly=True,
        external="7896",
        reads={"cpm": "MW, $/kW-month", "CPM-SET": "cents", "month_demand": "MWh", "md": "MWh"},
        gives=(Figures("CPM-ALLOC", "cents", ("sc", "resource"), "Share of the SC"),),
        versions=(
            Version(
                SINCE,
                "−CPM-SET × MD(sc, areas, days) / MD(areas, days);  of a deficiency: "
                "× MW(sc) / ΣMW",
                allocation,
            ),
        ),
        requirements=("BRQ-1320",),
        source="settlement rule book 9.3 (S3)",
        direction="from SCs by metered demand",
    )
)

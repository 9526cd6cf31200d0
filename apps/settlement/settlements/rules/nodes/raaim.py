"""PC-RAAIM, RAAIM-SET and RAAIM-ALLOC: availability of the month, its pool, and the year's end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from apps.adequacy.availability.rules import LOWER_BOUND, RAAIM_PRICE
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
from apps.settlement.settlements.rules.demand import shared_lines
from apps.settlement.settlements.rules.lines import line_frame
from apps.settlement.settlements.rules.parameters import (
    RAAIM_CAP,
    RAAIM_CARRYOVER,
    RAAIM_FROM,
    RAAIM_UPPER,
)
from apps.settlement.settlements.rules.raaim import (
    Assessed,
    RaaimParameters,
    charge_of,
    eligible_of,
    months_in_the_pool,
    settle_month,
)

PARAMETERS = (LOWER_BOUND, RAAIM_PRICE, RAAIM_UPPER, RAAIM_CAP, RAAIM_CARRYOVER, RAAIM_FROM)


@dataclass(frozen=True)
class RaaimRow:
    """One resource, RA type and SC of a month, settled; charge and payment in cents."""

    resource_id: int
    ra_type: str
    sc_id: int
    source: str
    owed: int
    lost: int
    one: Assessed
    monthly_price: Fraction
    eligible: Fraction
    charge: int
    payment: int


@dataclass(frozen=True)
class RaaimPoolMonth:
    """The pool of a month in cents; ``to_load`` is what leaves it for good."""

    month: date
    carried_in: int
    charges: int
    eligible: Fraction
    rate: Fraction
    rate_cap: Fraction
    paid: int
    carried_over: int
    to_load: int


def _weights(rows: dict[tuple[int, str], Assessed], terms: RaaimParameters) -> dict[str, Assessed]:
    """Let overlapping generic and flexible megawatts count once, on the dearer side.

    *Interpretation* (settlement rule book 5.4): the lesser of the two averages overlaps; it bears
    the larger charge and earns the larger share only.
    """
    found = {one.key: one for one in rows.values()}
    for key, part in list(rows):
        if part != "GENERIC" or (key, "FLEX") not in rows:
            continue
        pair = (rows[key, "GENERIC"], rows[key, "FLEX"])
        overlap = min(one.average for one in pair)
        for measure, name in ((charge_of, "charged"), (eligible_of, "earning")):
            first, second = (measure(one, terms) / one.average for one in pair)
            less = pair[1] if first >= second else pair[0]
            kept = (less.average - overlap) / less.average
            now = found[less.key]
            found[less.key] = (
                replace(now, charged=kept) if name == "charged" else replace(now, earning=kept)
            )
    return found


def _month(
    rows: pl.DataFrame, prices: Mapping[int, Fraction], terms: RaaimParameters, carried_in: int
) -> Any:
    """Return (settled month, Assessed by key, the month's rows)."""
    grouped: dict[tuple[int, str], Assessed] = {}
    sums = rows.group_by("resource_id", "ra_type").agg(
        pl.col("owed", "lost").sum(), pl.col("hours").max(), pl.col("source").max()
    )
    for key, part, owed, lost, hours, source in sums.sort("resource_id", "ra_type").iter_rows():
        price = prices.get(key) if source == "RMR" else None
        grouped[key, part] = Assessed(
            f"{key}:{part}", Fraction(owed, 10**4), Fraction(lost, 10**4), hours, 1, price
        )
    weighted = _weights(grouped, terms)
    return settle_month(list(weighted.values()), terms, carried_in), weighted


@implements("BRQ-1240", "MSIM-2020", source="settlement rule book 5, decisions G6, G8 and G28")
def availability_month(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Settle RAAIM on the last trade date of a month, with the year's carry computed anew.

    New-tariff RMR is charged at the sum of its daily contract prices. A month with several SCs is
    split by what each owed. A resource that is held in a month has no part in that month: neither
    charge, payment nor eligible megawatts (decision G36), and so none in what the month carries.
    Gives nothing on other days.
    """
    if day.date != last_of_month(day.date) or book["availability"].rows.is_empty():
        return {"raaim": [], "raaim_pool": None}
    terms = RaaimParameters(
        Fraction(day.at(LOWER_BOUND)),
        Fraction(day.at(RAAIM_UPPER)),
        Fraction(day.at(RAAIM_PRICE)),
        Fraction(day.at(RAAIM_CAP)),
    )
    given = book["availability"]
    keeps = day.at(RAAIM_CARRYOVER) == "YEAR"
    carried_over = carried_in = 0
    done, weighted, month = None, {}, pl.DataFrame()
    for first in months_in_the_pool(day.date, carries=keeps, begins=day.at(RAAIM_FROM)):
        carried_in = carried_over
        held = sorted(book["holds"].resources_in(first))
        month = given.rows.filter(
            (pl.col("month") == first.month) & ~pl.col("resource_id").is_in(held)
        )
        done, weighted = _month(month, given.prices.get(first.month, {}), terms, carried_over)
        carried_over = done.carried_over if keeps else 0
    if done is None or (month.is_empty() and not carried_in):
        return {"raaim": [], "raaim_pool": None}
    leaves = day.date.month == 12 or not keeps
    pool = RaaimPoolMonth(
        day.date.replace(day=1),
        carried_in,
        sum(done.charges.values()),
        sum((eligible_of(one, terms) for one in weighted.values()), Fraction(0)),
        done.rate,
        terms.rate_cap,
        -sum(done.payments.values()),
        0 if leaves else done.carried_over,
        done.carried_over if leaves else 0,
    )
    return {"raaim": list(_by_sc(month, done, weighted, terms)), "raaim_pool": pool}


def _by_sc(month: pl.DataFrame, done: Any, weighted: dict[str, Assessed], terms: Any) -> Any:
    parts = month.group_by("resource_id", "ra_type", maintain_order=True).agg(
        pl.col("sc_id", "owed", "lost", "source")
    )
    for key, part, scs, owed, lost, sources in parts.sort("resource_id", "ra_type").iter_rows():
        name = f"{key}:{part}"
        one = weighted[name]
        weights = {str(sc): mwh for sc, mwh in zip(scs, owed, strict=True)}
        charges = split_cents(done.charges.get(name, 0), weights)
        paid = split_cents(done.payments.get(name, 0), weights)
        for sc, mwh, gone, source in zip(scs, owed, lost, sources, strict=True):
            yield RaaimRow(
                key,
                part,
                sc,
                source,
                mwh,
                gone,
                one,
                one.monthly_price(terms),
                eligible_of(one, terms),
                charges[str(sc)],
                paid[str(sc)],
            )


def _settlement(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    sums: dict[tuple[int, int], int] = {}
    for row in book["raaim"]:
        place = (row.sc_id, row.resource_id)
        sums[place] = sums.get(place, 0) + row.charge + row.payment
    return {
        "RAAIM-SET": line_frame(
            ("RAAIM-SET", sc, key, None, "", None, None, cents)
            for (sc, key), cents in sorted(sums.items())
            if cents
        )
    }


def _to_load(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    pool = book["raaim_pool"]
    cents = -pool.to_load if pool else 0
    demand = book["month_demand"].over(set(), None) if cents else {}
    return {"RAAIM-ALLOC": shared_lines("RAAIM-ALLOC", cents, demand, book["md"].sc_keys)}


NODES.register(
    Node(
        code="PC-RAAIM",
        title="Availability of the month",
        role="PC",
        monthly=True,
        reads={"availability": "MWh", "holds": "held"},
        gives=(
            Figures("raaim", "MW", ("resource", "RA type", "sc"), "Availability, charge, payment"),
            Figures("raaim_pool", "cents", ("month",), "Pool, rate and carry"),
        ),
        versions=(
            Version(
                SINCE,
                "charge = (94.5 % − availability) × MW × price;  rate = min(pool / Σ "
                "eligible MW, 3 × RAAIM price)",
                availability_month,
            ),
        ),
        requirements=("BRQ-1240", "BRQ-1215", "MSIM-2020"),
        source="settlement rule book 5 (S6)",
        parameters=PARAMETERS,
    )
)
NODES.register(
    Node(
        code="RAAIM-SET",
        title="RAAIM settlement",
        role="CHARGE",
        monthly=True,
        external="8830",
        reads={"raaim": "MW"},
        gives=(Figures("RAAIM-SET", "cents", ("sc", "resource"), "Charge or payment"),),
        versions=(Version(SINCE, "charge − eligible MW × rate", _settlement),),
        requirements=("BRQ-1240",),
        source="settlement rule book 5.3 (S7)",
        direction="SC of the resource",
    )
)
NODES.register(
    Node(
        code="RAAIM-ALLOC",
        title="RAAIM allocation of the residue",
        role="CHARGE",
        monthly=True,
        external="8831",
        reads={"raaim_pool": "cents", "month_demand": "MWh", "md": "MWh"},
        gives=(Figures("RAAIM-ALLOC", "cents", ("sc",), "Share of the SC"),),
        versions=(Version(SINCE, "−residue × MD(sc, month) / MD(month)", _to_load),),
        requirements=("BRQ-1240",),
        source="settlement rule book 5.3 (S8)",
        direction="to SCs by metered demand",
    )
)

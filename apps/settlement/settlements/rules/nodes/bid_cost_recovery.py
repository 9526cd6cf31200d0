"""PC-BCR, BCR-IFM, BCR-RTM and their allocation: uplift to bid cost, by market and day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from apps.platform.core.money import half_up_cents
from apps.platform.core.rulebook import implements
from apps.settlement.settlements.rules.chain import (
    NODES,
    SINCE,
    Book,
    DayOfChain,
    Figures,
    Node,
    Version,
)
from apps.settlement.settlements.rules.demand import shared_by_demand
from apps.settlement.settlements.rules.lines import PORTS_OF_MARKETS, owner_lines, to_cents


@implements("BRQ-1255", "BRQ-0095", source="settlement rule book 6.5")
def uplifts(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Return the uplift of each resource and market in cents, above zero where it is paid.

    IFM stands alone, RUC and RTM together. New-tariff RMR recovers its cost without adders, as its
    netting found; every other resource its whole bid cost.
    """
    rows: list[tuple[int, str, int]] = []
    for market, port in PORTS_OF_MARKETS.items():
        found = book[port].with_columns(short=pl.col("cost") - pl.col("revenue"))
        for key, short in found.select("resource_id", "short").iter_rows():
            nets = {n.market: n for n in book["nets"].get(key, ())}
            net = nets.get(market)
            cents = half_up_cents(net.bcr) if net else to_cents(max(short, 0))
            if cents:
                rows.append((key, market, cents))
    schema = {"resource_id": pl.Int64, "market": pl.String, "cents": pl.Int64}
    return {"bcr": pl.DataFrame(rows, schema=schema, orient="row")}


NODES.register(
    Node(
        code="PC-BCR",
        title="Bid cost recovery",
        role="PC",
        reads={"ifm": "$", "rucrtm": "$", "nets": "$"},
        gives=(Figures("bcr", "cents", ("resource", "market"), "Uplift"),),
        versions=(Version(SINCE, "uplift = max(0, C − R);  new RMR: max(0, C' − R)", uplifts),),
        requirements=("BRQ-1255", "BRQ-0095"),
        source="settlement rule book 6.5 (S16, S17, S24)",
    )
)


def _paid(code: str, market: str) -> Any:
    def compute(book: Book, day: DayOfChain) -> Mapping[str, Any]:
        rows = book["bcr"].filter(pl.col("market") == market)
        kept = [(key, -cents) for key, cents in rows.select("resource_id", "cents").iter_rows()]
        return {code: owner_lines(code, kept, book["resources"].scs)}

    return compute


CODES = (
    ("BCR-IFM", "IFM bid cost recovery", "IFM", "6630", "6636"),
    ("BCR-RTM", "RUC and RTM bid cost recovery", "RUCRTM", "6620", "6678"),
)
for code, title, market, external, shared in CODES:
    NODES.register(
        Node(
            code=code,
            title=title,
            role="CHARGE",
            reads={"bcr": "cents", "resources": "MW"},
            gives=(Figures(code, "cents", ("sc", "resource"), title),),
            versions=(Version(SINCE, "−uplift", _paid(code, market)),),
            requirements=("BRQ-1255",),
            source="settlement rule book 6.5",
            external=external,
            direction="to the SC of the resource",
        )
    )
    name = f"BCR-ALLOC-{market[:3]}" if market == "IFM" else "BCR-ALLOC-RTM"
    NODES.register(
        Node(
            code=name,
            title=f"{title}, allocation",
            role="CHARGE",
            reads={code: "cents", "md": "MWh", "md_sc": "MWh"},
            gives=(Figures(name, "cents", ("sc",), "Share of the SC"),),
            versions=(
                Version(SINCE, f"−Σ {code} × MD(sc) / MD(sys)", shared_by_demand(name, code)),
            ),
            requirements=("BRQ-1255",),
            source="settlement rule book 6.6",
            external=shared,
            direction="from SCs by metered demand",
        )
    )

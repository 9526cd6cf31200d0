"""PC-ED, ED-IIE, ED-EMR and ED-TR: energy of exceptional dispatch and its uplift, and who pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

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
from apps.settlement.settlements.rules.dispatch_shares import dispatch_base, shared_dispatch
from apps.settlement.settlements.rules.legacy_uplift import RMR_DISPATCH, without_uplift
from apps.settlement.settlements.rules.lines import PER_ENERGY, owner_lines, ticks, to_cents
from apps.settlement.settlements.rules.parameters import DISPATCH_ALLOCATION

EMERGENCY = ("SYSEMR", "SYSEMR1", "TEMR")
SHARED = {"ED-IIE": "6477", "ED-EMR": "6486", "ED-TR": "6489"}


@implements("BRQ-1260", source="settlement rule book 8.2 and 8.3")
def dispatch_energy(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Settle every interval of exceptional dispatch: bid or better, decremental at the lesser.

    For new-tariff RMR the opportunity cost is taken out of the reference price. Legacy RMR gets the
    price of its energy, and no uplift under Condition 2 or RMR dispatch (decision
    G31). Gives amounts and
    the cost and revenue an RMR resource brings into its netting.
    """
    reliability = sorted(book["reliability"])
    bare = pl.col("resource_id").is_in(sorted(without_uplift(book["legacy"]))) | (
        pl.col("resource_id").is_in(sorted(book["legacy"]))
        & pl.col("ed_type").fill_null("").is_in(RMR_DISPATCH)
    )
    rows = (
        book["intervals"]
        .filter(pl.col("ed_mwh") != 0)
        .join(book["costs"]["energy"], on="resource_id", how="left")
        .with_columns(
            mwh=ticks(pl.col("ed_mwh"), PER_ENERGY),
            lmp=pl.col("rtd_lmp").cast(pl.Int128),
            price=(
                pl.col("ed_reference").fill_null(0)
                - pl.when(pl.col("resource_id").is_in(reliability))
                .then(pl.col("oc_energy").fill_null(0))
                .otherwise(0)
            ).cast(pl.Int128),
            emergency=pl.col("ed_type").fill_null("").is_in(EMERGENCY),
        )
        .with_columns(
            paid=pl.when(pl.col("ed_mwh") > 0)
            .then(pl.col("lmp"))
            .otherwise(pl.min_horizontal("lmp", "price")),
            gap=pl.when(~bare & (pl.col("ed_mwh") > 0) & (pl.col("price") > pl.col("lmp")))
            .then(pl.col("price") - pl.col("lmp"))
            .otherwise(pl.lit(0, dtype=pl.Int128)),
        )
    )
    return {
        "ed": rows.group_by("resource_id", "emergency")
        .agg(
            energy=(pl.col("mwh") * pl.col("paid")).sum(),
            uplift=(pl.col("mwh") * pl.col("gap")).sum(),
            cost=(pl.col("mwh") * pl.col("price")).sum(),
            revenue=(pl.col("mwh") * (pl.col("paid") + pl.col("gap"))).sum(),
            mwh=pl.col("ed_mwh").sum(),
        )
        .sort("resource_id", "emergency")
    }


PC_ED = NODES.register(
    Node(
        code="PC-ED",
        title="Exceptional dispatch energy",
        role="PC",
        reads={
            "intervals": "MWh, $",
            "costs": "$",
            "reliability": "resources",
            "legacy": "resources",
        },
        gives=(Figures("ed", "$", ("resource", "emergency"), "Energy, uplift, cost and revenue"),),
        versions=(
            Version(
                SINCE,
                "energy = MWh × LMP, decremental MWh × min(LMP, Pref');  uplift = MWh "
                "× max(0, Pref' − LMP);  Pref' = Pref − OC for new RMR",
                dispatch_energy,
            ),
        ),
        requirements=("BRQ-1260",),
        source="settlement rule book 8.2 (S28)",
    )
)


@implements("BRQ-1260", source="settlement rule book 15, decision G35")
def base_of_day(book: Book, day: DayOfChain) -> Mapping[str, Any]:
    """Return what dispatch is shared by in place of metered demand.

    *Interpretation*: under TARIFF each quantity counts where it is on file; what lacks one is
    shared by metered demand, as under SIMPLE. Without any the parameter makes no difference.
    """
    shares = book["ed_shares"]
    reading = day.reading(DISPATCH_ALLOCATION, "SIMPLE") if shares.entries else "SIMPLE"
    return {"ed_base": dispatch_base(shares, reading)}


PC_ED_BASE = NODES.register(
    Node(
        code="PC-ED-BASE",
        title="Base of exceptional dispatch",
        role="PC",
        reads={"ed_shares": "weight"},
        gives=(
            Figures(
                "ed_base",
                "weight",
                ("sc", "resource"),
                "Measured demand, and transmission owners' revenue requirements, under TARIFF",
            ),
        ),
        versions=(
            Version(
                SINCE,
                "SIMPLE: none;  TARIFF: ED-IIE by measured demand, ED-TR by the revenue "
                "requirement of the transmission owners of the territory, where on file",
                base_of_day,
            ),
        ),
        requirements=("BRQ-1260",),
        source="settlement rule book 15, decision G35",
        parameters=(DISPATCH_ALLOCATION,),
    )
)


def _lines(code: str, amount: str, emergency: bool | None) -> Any:
    def compute(book: Book, day: DayOfChain) -> Mapping[str, Any]:
        rows = book["ed"]
        if emergency is not None:
            rows = rows.filter(pl.col("emergency") == emergency)
        sums = rows.group_by("resource_id").agg(pl.col(amount).sum()).sort("resource_id")
        kept = [(key, -to_cents(total)) for key, total in sums.iter_rows() if total]
        return {code: owner_lines(code, kept, book["resources"].scs)}

    return compute


CODES = (
    (
        "ED-IIE",
        "Exceptional dispatch energy",
        "energy",
        None,
        "6470",
        "−Σ MWh × LMP, decremental at min(LMP, Pref')",
    ),
    (
        "ED-EMR",
        "Exceptional dispatch uplift, emergency",
        "uplift",
        True,
        "6482",
        "−Σ MWh × max(0, Pref' − LMP) of emergency types",
    ),
    (
        "ED-TR",
        "Exceptional dispatch uplift, transmission",
        "uplift",
        False,
        "6488",
        "−Σ MWh × max(0, Pref' − LMP) of other types",
    ),
)
for code, title, amount, emergency, external, formula in CODES:
    NODES.register(
        Node(
            code=code,
            title=title,
            role="CHARGE",
            reads={"ed": "$", "resources": "MW"},
            gives=(Figures(code, "cents", ("sc", "resource"), title),),
            versions=(Version(SINCE, formula, _lines(code, amount, emergency)),),
            requirements=("BRQ-1260",),
            source="settlement rule book 8.1",
            external=external,
            direction="to the SC of the resource",
        )
    )
    NODES.register(
        Node(
            code=f"{code}-ALLOC",
            title=f"{title}, allocation",
            role="CHARGE",
            reads={code: "cents", "md": "MWh", "md_sc": "MWh", "ed_base": "weight"},
            gives=(Figures(f"{code}-ALLOC", "cents", ("sc",), "Share of the SC"),),
            versions=(
                Version(
                    SINCE, f"−Σ {code} × MD(sc) / MD(sys)", shared_dispatch(f"{code}-ALLOC", code)
                ),
            ),
            requirements=("BRQ-1260",),
            source="settlement rule book 8.1",
            external=SHARED[code],
            direction="from SCs by metered demand",
        )
    )

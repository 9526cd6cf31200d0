"""Which input rows of a day were used, and why the others were not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from apps.platform.core.rulebook import implements
from apps.settlement.settlements.rules.chain import Book
from apps.settlement.settlements.rules.dispatch_shares import borne, by_metered_demand
from apps.settlement.settlements.rules.legacy_uplift import without_uplift
from apps.settlement.settlements.rules.nodes.commitment import events_of, met_by

MOST_SHOWN = 20
NO_SC = "No scheduling coordinator is on file for the resource on this day: nobody to settle with"
NOT_ABOVE = "no part of the actual cost is recovered by the rule"
EMPTY = "Every figure of the row is zero"
OUTSIDE = "Legacy RMR of Condition 2: its costs are paid outside the market"
DISPATCHED = "Legacy RMR under RMR dispatch (RMRR): no market uplift"
NO_DISPATCH = "Nothing of the day's exceptional dispatch is shared by it"
HELD = "The resource is held: an input of its costs is missing or outdated"


@dataclass(frozen=True)
class Unused:
    """Rows that were not used, for one reason; ``rows``: numbers of some in their file."""

    reason: str
    count: int
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Usage:
    """The rows of one input: how many there are, how many were used, and the rest by reason."""

    name: str
    total: int
    unused: tuple[Unused, ...]

    @property
    def used(self) -> int:
        """How many rows were used."""
        return self.total - sum(u.count for u in self.unused)


def _told(name: str, rows: pl.DataFrame) -> Usage:
    """Group rows by their column ``why``, empty where used."""
    reasons = (
        rows.filter(pl.col("why") != "")
        .group_by("why")
        .agg(count=pl.len(), rows=pl.col("line_no").sort().head(MOST_SHOWN))
        .sort("why")
    )
    return Usage(
        name,
        rows.height,
        tuple(Unused(why, count, tuple(shown)) for why, count, shown in reasons.iter_rows()),
    )


def _why(*reasons: tuple[pl.Expr, str]) -> pl.Expr:
    """Return the first reason that holds, or an empty text."""
    return pl.coalesce(*(pl.when(holds).then(pl.lit(text)) for holds, text in reasons), pl.lit(""))


def _figures(frame: pl.DataFrame) -> pl.Expr:
    names = [
        c
        for c, kind in frame.schema.items()
        if kind == pl.Int64
        and c not in ("line_no", "resource_id", "hour_ending", "interval", "quarter", "intervals")
    ]
    return pl.all_horizontal(pl.col(n).fill_null(0) == 0 for n in names)


def _outside(book: Book) -> pl.Expr:
    return pl.col("resource_id").is_in(sorted(without_uplift(book["legacy"])))


def _dispatched(book: Book) -> pl.Expr:
    """Say of a commitment of legacy RMR that nothing of it counts beside RMR dispatch."""
    legacy = pl.col("resource_id").is_in(sorted(book["legacy"]))
    any_interval = (pl.col("event") != "RUN") | (pl.col("intervals").fill_null(0) > 0)
    return legacy & any_interval & (pl.col("twelfths") == 0)


def _is_held(book: Book) -> pl.Expr:
    return pl.col("resource_id").is_in(sorted(book["holds"].costs))


def _commitments(book: Book, homeless: pl.Expr) -> Usage:
    events = book["commitment"].select("line_no", "origin", "twelfths")
    rows = book["commitments"].join(events, on="line_no", how="left")
    return _told(
        "commitments",
        rows.with_columns(
            why=_why(
                (homeless, NO_SC),
                (pl.col("qualified") != "Y", "The event did not qualify for cost recovery"),
                (pl.col("committed") == "SELF", "Committed by its own SC, not by the ISO"),
                (_outside(book), OUTSIDE),
                (_dispatched(book), DISPATCHED),
                (pl.col("twelfths") == 0, "The run has no interval"),
                (_is_held(book), HELD),
                (pl.col("origin") == "NONE", "No cost is on file, in the file, or approved"),
            )
        ),
    )


@implements("BRQ-1225", "BRQ-1255", "BRQ-1230", source="settlement desk: completeness")
def usage_of(book: Book, demand: pl.DataFrame) -> list[Usage]:
    """Return how the rows of market results, demand and contracts were used.

    book: the calculated chain. demand: rows of metered demand with line_no, tac and mwh. Used and
    unused rows add up to all rows.
    """
    homeless = ~pl.col("resource_id").is_in(sorted(book["resources"].scs))
    found = [_commitments(book, homeless)]
    for name in ("hours", "quarters", "intervals"):
        frame = book[name]
        reasons = [(homeless, NO_SC), (_figures(frame), EMPTY)]
        if name != "intervals":  # exceptional dispatch is settled from these all the same
            reasons += [(_is_held(book), HELD), (_outside(book), OUTSIDE)]
        found.append(_told(name, frame.with_columns(why=_why(*reasons))))
    found += [_demand(book, demand), _shares(book)]
    return [*found, *_contracts(book), _approved(book), _recovered(book)]


def _shares(book: Book) -> Usage:
    """Tell shares of exceptional dispatch by which nothing of the day is borne."""
    used, entries = borne(book), book["ed_shares"].entries
    idle = [row.line_no for row in entries if not used(row)]
    told = (Unused(NO_DISPATCH, len(idle), tuple(idle[:MOST_SHOWN])),) if idle else ()
    return Usage("ed_shares", len(entries), told)


def _recovered(book: Book) -> Usage:
    """Tell approved costs to recover of which nothing is paid, and why."""
    held = {c.label: r for r in book["rmr"] for c in r.recoveries if r.settled}
    found = []
    for one in book["recovery"]:
        for item in one.items:
            where = f"{one.label}, item {item.claim.item}"
            if one.label not in held:
                found.append(Unused(f"{where}: the resource is not settled on this day", 1))
            elif not item.usd:
                why = item.sentence if item.usd is None or not item.mwh else NOT_ABOVE
                found.append(Unused(f"{where}: {why}", 1))
    return Usage("recoveries", sum(len(one.items) for one in book["recovery"]), tuple(found))


def _approved(book: Book) -> Usage:
    """Tell approved actual costs for which the day has no event: nothing recovers them."""
    approved = book["costs"]["approved"]
    met = met_by(events_of(book["commitments"]), approved)["request"].unique().to_list()
    idle = sorted(set(approved["request"]) - set(met))
    found = [
        Unused(f"Request no. {number}: the day has no such event in its market and hours", 1)
        for number in idle
    ]
    return Usage("approved", approved["request"].n_unique(), tuple(found))


def _demand(book: Book, rows: pl.DataFrame) -> Usage:
    local = {tac for r in book["rmr"] for _, tac in r.parts if r.contract.scope == "LOCAL"}
    whole = any(r.parts and r.contract.scope != "LOCAL" for r in book["rmr"]) or any(
        book[code].height
        for code in (
            "BCR-ALLOC-IFM",
            "BCR-ALLOC-RTM",
            "ROUNDING-ADJ",
        )
    )
    whole = whole or any(by_metered_demand(of, book) for of in ("ED-IIE", "ED-EMR", "ED-TR"))
    nothing = "No cost of the day is shared by the load of its TAC area"
    outside = ~pl.col("tac").is_in(sorted(local)) if not whole else pl.lit(False)
    return _told(
        "demand", rows.with_columns(why=_why((pl.col("mwh") == 0, "No energy"), (outside, nothing)))
    )


def _contracts(book: Book) -> list[Usage]:
    rows = [
        (number, r.contract.contract_no, "" if r.settled else r.capacity.sentence)
        for number, r in enumerate(book["rmr"], start=1)
    ]
    schema: Mapping[str, type[pl.DataType]] = {
        "line_no": pl.Int64,
        "contract": pl.String,
        "why": pl.String,
    }
    contracts = pl.DataFrame(rows, schema=dict(schema), orient="row")
    bare = Usage(
        "penalties",
        len(book["penalties"]),
        tuple(
            Unused(f"{p.contract_no} is not settled on this day", 1)
            for p in book["penalties"]
            if p.contract_no not in set(book["RMR-PENALTY"]["contract_no"])
        ),
    )
    told = _told("contracts", contracts)
    unnamed = tuple(Unused(u.reason, u.count) for u in told.unused)  # no rows of one file
    return [Usage("contracts", told.total, unnamed), bare]

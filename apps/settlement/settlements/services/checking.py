"""What must hold of a settled day; a red check keeps it from being published."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from apps.platform.core.money import cents_to_usd
from apps.platform.core.quantity import dollars
from apps.platform.runs.hooks import Invariant
from apps.settlement.settlements.rules.chain import Book, charge_codes

RMR = ("RMR-CAP", "RMR-ADDER", "RMR-EXCESS", "RMR-COSTREC", "RMR-ALLOC")
PENALTY = ("RMR-PENALTY", "RMR-PEN-ALLOC")
CPM = ("CPM-SET", "CPM-ALLOC")
PAIRS = (
    ("BCR-IFM", "BCR-ALLOC-IFM"),
    ("BCR-RTM", "BCR-ALLOC-RTM"),
    ("ED-IIE", "ED-IIE-ALLOC"),
    ("ED-EMR", "ED-EMR-ALLOC"),
    ("ED-TR", "ED-TR-ALLOC"),
)


def _sum(book: Book, codes: Sequence[str]) -> int:
    return sum(int(book[code]["amount"].sum() or 0) for code in codes)


def _neutral(book: Book, codes: Sequence[str], key: str) -> int:
    """Return how many keys do not add up to zero over some charge codes."""
    lines = pl.concat([book[code].select(key, "amount") for code in codes])
    sums = lines.group_by(key).agg(pl.col("amount").sum())
    return int((sums["amount"] != 0).sum())


def invariants(book: Book) -> list[Invariant]:
    """Return the identities of settlement rule book 13, each with how it stood."""
    resources = _neutral(book, RMR, "resource_id")
    contracts = _neutral(book, PENALTY, "contract_no")
    designations = _neutral(book, CPM, "contract_no")
    unequal = [f"{a} and {b}" for a, b in PAIRS if _sum(book, (a, b))]
    settled = {r.contract.resource_id for r in book["rmr"] if r.settled}
    allocated = set(book["RMR-ALLOC"]["resource_id"])
    charged = {r.contract.resource_id for r in book["rmr"] if r.settled and r.cost}
    pool = book["raaim_pool"]
    held = pool.carried_over - pool.carried_in if pool else 0
    raaim = _sum(book, ("RAAIM-SET", "RAAIM-ALLOC")) - held
    rounding = _sum(book, ("ROUNDING-ADJ",))
    total = _sum(book, list(charge_codes())) - held
    apart = _identity(book)
    return [
        Invariant(
            "RMR neutral by resource",
            not resources,
            f"RMR lines of {resources} resources do not add up to zero.",
        ),
        Invariant(
            "only settled resources are allocated",
            allocated <= settled and charged <= allocated,
            "Allocation lines and settled resources are not the same set.",
        ),
        Invariant(
            "R + BCR' − Excess = C'",
            not apart,
            f"{apart} RMR market days leave the owner more or less than its cost.",
        ),
        Invariant(
            "bid cost recovery and dispatch are shared",
            not unequal,
            f"These do not add up to zero: {', '.join(unequal)}.",
        ),
        Invariant(
            "penalties are shared",
            not contracts,
            f"Penalties of {contracts} contracts are not given back.",
        ),
        Invariant(
            "RAAIM keeps what it carries",
            raaim == 0,
            f"RAAIM is {dollars(cents_to_usd(raaim))} off what its pool carries.",
        ),
        Invariant(
            "CPM neutral by designation",
            not designations,
            f"{designations} CPM designations do not add up to zero.",
        ),
        Invariant(
            "rounding of at most a dollar",
            abs(rounding) <= 100,
            f"Rounding moves {dollars(cents_to_usd(rounding))}.",
        ),
        Invariant(
            "neutral in sum",
            total == 0,
            f"The day is {dollars(cents_to_usd(total))} off zero and what RAAIM holds.",
        ),
    ]


def _identity(book: Book) -> int:
    """Return how many RMR market days without self-schedules break the netting identity."""
    wrong = 0
    for (key, market), day in book["netted"].items():
        if day.own_cost or day.own_revenue:
            continue
        net = next(n for n in book["nets"][key] if n.market == market)
        wrong += day.revenue + net.bcr - net.excess != net.adjusted
    return wrong

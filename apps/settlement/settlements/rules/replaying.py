"""A statement worked out again outside the product: the same rules on the SC's own inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.effective import ParameterSet, Value
from apps.platform.core.formula import Formula, ShownNumber
from apps.platform.core.money import cents_to_usd
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span
from apps.settlement.cost_recovery.rules import Claim
from apps.settlement.settlements.rules import nodes as declared
from apps.settlement.settlements.rules.capacity_payment import CapacityRow, ContractDay
from apps.settlement.settlements.rules.causes import lines_of
from apps.settlement.settlements.rules.chain import NODES, Book, DayOfChain, calculate
from apps.settlement.settlements.rules.demand import Load
from apps.settlement.settlements.rules.dispatch_shares import DispatchShares
from apps.settlement.settlements.rules.holds import HeldResults
from apps.settlement.settlements.rules.nodes.capacity_procurement import CpmMonth, MonthDemand
from apps.settlement.settlements.rules.nodes.negotiated_penalty import Penalty
from apps.settlement.settlements.rules.telling import too_few

FORMAT = 3
OTHERS = "~OTHERS"
"""The SC that stands for the demand of everybody else in a kit."""
FROM_INPUTS = (
    "RMR-CAP",
    "RMR-ADDER",
    "RMR-EXCESS",
    "RMR-COSTREC",
    "RMR-PENALTY",
    "BCR-IFM",
    "BCR-RTM",
    "ED-IIE",
    "ED-EMR",
    "ED-TR",
    "CPM-SET",
)
"""Charge codes that follow from the inputs of one's own resources alone."""
FRAMES = ("commitments", "hours", "quarters", "intervals")
assert declared, "the nodes are declared by being imported"


@dataclass(frozen=True)
class Replayed:
    """A line of the statement, and what working it out again gave, in the way named."""

    line_no: int
    charge_code: str
    stated: Decimal
    again: Decimal | None
    way: str

    @property
    def agrees(self) -> bool:
        """Whether both are the same to the cent."""
        return self.stated == self.again


def frame_out(frame: pl.DataFrame) -> dict[str, Any]:
    """Return a frame as plain values with the types of its columns, which come by name.

    So the values stay under their columns where a writer of JSON sorts names.
    """
    frame = frame.select(sorted(frame.columns))
    return {
        "types": {name: str(kind) for name, kind in frame.schema.items()},
        "rows": [list(row) for row in frame.iter_rows()],
    }


def frame_in(told: Mapping[str, Any]) -> pl.DataFrame:
    """Return the frame that ``frame_out`` told."""
    types = {name: getattr(pl, kind) for name, kind in told["types"].items()}
    return pl.DataFrame([tuple(row) for row in told["rows"]], schema=types, orient="row")


def _contract_out(contract: ContractDay) -> dict[str, Any]:
    return {
        "resource": contract.resource,
        "effective_date": contract.effective_date.isoformat(),
        "price": str(contract.price) if contract.price is not None else None,
        "capacity": [[c.tac, c.obligation_type, str(c.mw)] for c in contract.capacity],
        "sc": contract.sc,
        "contract_no": contract.contract_no,
        "scope": contract.scope,
        "resource_id": contract.resource_id,
        "sc_id": contract.sc_id,
        "condition": contract.condition,
    }


def _contract_in(told: Mapping[str, Any]) -> ContractDay:
    return ContractDay(
        told["resource"],
        date.fromisoformat(told["effective_date"]),
        Decimal(told["price"]) if told["price"] is not None else None,
        [CapacityRow(tac, part, Decimal(mw)) for tac, part, mw in told["capacity"]],
        told["sc"],
        told["contract_no"],
        told["scope"],
        told["resource_id"],
        told["sc_id"],
        condition=told.get("condition", ""),
    )


def _cpm_out(case: CpmMonth) -> dict[str, Any]:
    return {
        "label": case.label,
        "resource_id": case.resource_id,
        "sc_id": case.sc_id,
        "mw": str(case.mw),
        "prices": [[d.isoformat(), str(p)] for d, p in case.prices],
    }


def _cpm_in(told: Mapping[str, Any]) -> CpmMonth:
    prices = tuple((date.fromisoformat(d), Fraction(p)) for d, p in told["prices"])
    return CpmMonth(
        told["label"], told["resource_id"], told["sc_id"], Fraction(told["mw"]), prices, frozenset()
    )


def _claim_out(claim: Claim) -> list[Any]:
    basis = None if claim.basis is None else str(claim.basis)
    return [
        claim.request,
        claim.item,
        claim.kind,
        claim.resource_id,
        claim.first_hour,
        claim.last_hour,
        claim.cents,
        basis,
    ]


def _claim_in(told: list[Any]) -> Claim:
    number, item, kind, resource_id, first, last, cents, basis = told
    return Claim(
        number,
        item,
        kind,
        resource_id,
        first,
        last,
        cents,
        None if basis is None else Fraction(basis),
    )


def demand_out(load: Load, sc: str, fewest: int) -> dict[str, Any]:
    """Return an SC's own demand and, under one name, that of everybody else, by TAC area.

    Where fewer than ``fewest`` SCs share an area, or the SC has no demand in it, the others' is
    null: it is there, and not told.
    """
    cells: dict[tuple[str, str], int | None] = {}
    for (code, tac), mwh in load.cells.items():
        name = code if code == sc else OTHERS
        cells[name, tac] = (cells.get((name, tac)) or 0) + mwh
    for (name, tac), told in cells.items():
        shares = load.cells.get((sc, tac), 0) > 0 and not too_few(load.cells, (tac,), sc, fewest)
        if name == OTHERS and told and not shares:
            cells[name, tac] = None
    return {
        "cells": [[code, tac, mwh] for (code, tac), mwh in sorted(cells.items())],
        "sc_keys": {sc: load.sc_keys.get(sc, 0), OTHERS: -1},
        "tac_keys": load.tac_keys,
    }


def book_out(book: Book, sc: str, resources: set[int], fewest: int) -> dict[str, Any]:
    """Return the inputs of an SC's own resources on a day as plain values, for a kit.

    fewest: SCs that share a sum for it to be told.
    """
    own = [c for c in book["contracts"] if c.resource_id in resources]
    numbers = {c.contract_no for c in own}

    def kept(frame: pl.DataFrame) -> dict[str, Any]:
        return frame_out(frame.filter(pl.col("resource_id").is_in(sorted(resources))))

    return {
        "frames": {name: kept(book[name]) for name in FRAMES},
        "costs": {name: kept(frame) for name, frame in book["costs"].items()},
        "contracts": [_contract_out(c) for c in own],
        "cpm": [_cpm_out(c) for c in book["cpm"] if c.resource_id in resources],
        "penalties": [
            [p.contract_no, p.cents] for p in book["penalties"] if p.contract_no in numbers
        ],
        "recoveries": [_claim_out(c) for c in book["recoveries"] if c.resource_id in resources],
        "held": [[k, v] for k, v in sorted(book["holds"].costs.items()) if k in resources],
        "demand": demand_out(book["demand"], sc, fewest),
        "resources": {
            "scs": [[k, v] for k, v in sorted(book["resources"].scs.items()) if k in resources],
            "pmax": [[k, v] for k, v in sorted(book["resources"].pmax.items()) if k in resources],
        },
    }


@dataclass(frozen=True)
class ReplayedResources:
    """SC of the day and Pmax (stored steps) by resource key."""

    scs: Mapping[int, int]
    pmax: Mapping[int, int]


@dataclass(frozen=True)
class NoYear:
    """A year without availability: RAAIM is worked out from the shown numbers instead."""

    rows: pl.DataFrame


def book_in(told: Mapping[str, Any]) -> Book:
    """Return the book of a kit, ready for the chain.

    Demand that is not told counts as the least step: no line of one's own resources is a share.
    """
    demand, resources = told["demand"], told["resources"]
    return {
        **{name: frame_in(told["frames"][name]) for name in FRAMES},
        "costs": {name: frame_in(frame) for name, frame in told["costs"].items()},
        "contracts": [_contract_in(c) for c in told["contracts"]],
        "cpm": [_cpm_in(c) for c in told["cpm"]],
        "penalties": [Penalty(no, cents) for no, cents in told["penalties"]],
        "recoveries": [_claim_in(claim) for claim in told["recoveries"]],
        "holds": HeldResults(dict(told.get("held", []))),
        "demand": Load(
            {(sc, tac): 1 if mwh is None else mwh for sc, tac, mwh in demand["cells"]},
            demand["sc_keys"],
            demand["tac_keys"],
        ),
        "resources": ReplayedResources(dict(resources["scs"]), dict(resources["pmax"])),
        "ed_shares": DispatchShares(),
        "availability": NoYear(pl.DataFrame()),
        "month_demand": MonthDemand({}),
    }


@implements("BRQ-1201", "BRQ-1203", source="settlement desk: replay kit")
def replay(kit: Mapping[str, Any]) -> list[Replayed]:
    """Work every line of a kit's statement out again; return them in their order.

    Lines of one's own resources are calculated by the chain from the inputs; shares of what others
    are part of are worked out from their formula and numbers. Raises ValueError for another format.
    """
    if kit.get("format") != FORMAT:
        raise ValueError(f"This package replays kits of format {FORMAT}.")
    day = date.fromisoformat(kit["trade_date"])
    span = Span.through(day, day)
    values = {
        p["name"]: [Value(p["name"], p["text"], span, p["reference"])] for p in kit["parameters"]
    }
    book = calculate(list(NODES), book_in(kit["inputs"]), DayOfChain(day, ParameterSet(values)))
    lines = {
        (r["charge_code"], r["resource_id"], r["contract_no"]): r["amount"]
        for r in lines_of(book).iter_rows(named=True)
    }
    return [_again(line, lines) for line in kit["lines"]]


def _again(line: Mapping[str, Any], lines: Mapping[Any, int]) -> Replayed:
    code = line["charge_code"]
    stated = Decimal(line["amount"])
    if "formula" not in line:
        cents = lines.get((code, line["resource_id"], line["contract_no"]))
        again = None if cents is None else cents_to_usd(cents)
        return Replayed(line["line_no"], code, stated, again, "calculated from the inputs")
    numbers = tuple(ShownNumber(n, n, text) for n, text in line["numbers"].items())
    worked = Formula(line["formula"], numbers).worked_out()
    return Replayed(line["line_no"], code, stated, worked, "worked out from its formula")

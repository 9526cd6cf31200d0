"""Settle one trade date: its book in, the chain, lines and what they rest on out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl

from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.costs.selectors import granted_levels, proxy_costs, sealed_run
from apps.platform.core.money import cents_to_usd
from apps.platform.core.quantity import MWH
from apps.platform.core.tradetime import last_of_month
from apps.platform.runs.hooks import Computed, DatedInput, HoldEffect, Read, RunContext
from apps.platform.runs.models import Run
from apps.platform.runs.rules import fingerprint
from apps.reference.market.codes import DISPATCH_SHARES, METERED_DEMAND, RESULT_DATASETS
from apps.reference.market.selectors import resources_with_results
from apps.reference.resources.selectors import pmax_of, sc_of
from apps.reliability.designations.selectors import on_day, prices_over
from apps.settlement.cost_recovery.rules import COST_BASIS
from apps.settlement.cost_recovery.selectors import grants_on
from apps.settlement.cost_recovery.services import settled_by
from apps.settlement.settlements.codes import DAILY
from apps.settlement.settlements.models import AllocationLine, CapacityPayment
from apps.settlement.settlements.rules import nodes as declared
from apps.settlement.settlements.rules.chain import NODES, Book, DayOfChain, calculate, charge_codes
from apps.settlement.settlements.rules.holds import held_of
from apps.settlement.settlements.selectors import month_versions, penalties_on
from apps.settlement.settlements.services.checking import invariants
from apps.settlement.settlements.services.inputs import (
    APPROVED,
    AVAILABILITY,
    PENALTIES,
    RECOVERIES,
    adder_words,
    availability_runs,
    basis_rows,
    book_of,
    cpm_of,
    ids_read,
)
from apps.settlement.settlements.services.readiness import HOLDS, holds_input, holds_on
from apps.settlement.settlements.services.storing import writes

READS = (
    Read(METERED_DEMAND),
    *(Read(dataset, required=False) for dataset in (*RESULT_DATASETS, DISPATCH_SHARES)),
)
PARAMETERS = (*{p.name: p for n in list(NODES) for p in n.parameters}.values(), COST_BASIS)
PMAX, ADDERS, PROXY = "Pmax", "cost adders", "proxy costs"
SOMETIMES = (PMAX, ADDERS, PROXY, APPROVED, PENALTIES, RECOVERIES, HOLDS)
assert declared, "the nodes are declared by being imported"


def dated_inputs_of(day: date, known_at: datetime) -> list[DatedInput]:
    """Return what a day reads beside files, and what of it is held, with fingerprints."""
    return terms_of(day, known_at) + holds_input(holds_on(day, known_at))


def terms_of(day: date, known_at: datetime) -> list[DatedInput]:
    """Return the terms, cases and calculations a day reads, with fingerprints of their words.

    Costs count where there are market results, penalties where there are any, and the month on its
    last trade date: a day that has none of these reads what it always has.
    """
    held = on_day(day, known_at)
    active = resources_with_results(day, known_at)
    concerned = {c.contract.resource_id for c in held} | active
    associations = [a for a in sc_of(day, known_at) if a.resource_id in concerned]
    prices = [c.price for c in held if c.price]
    capacity = [row for c in held for row in c.capacity]
    penalties = penalties_on(day)
    found = [
        DatedInput(
            "RMR contracts",
            [c.contract.pk for c in held],
            fingerprint(
                (
                    c.contract.contract_no,
                    c.contract.resource.code,
                    c.contract.effective_date,
                    c.contract.scope,
                    c.contract.is_synthetic,
                )
                for c in held
            ),
        ),
        DatedInput(
            "contract prices",
            [p.pk for p in prices],
            fingerprint((p.contract_no, str(p.price)) for p in prices),
        ),
        DatedInput(
            "capacity by TAC area",
            [row.pk for row in capacity],
            fingerprint(
                (r.contract_no, r.tac_area.code, r.obligation_type, str(r.mw)) for r in capacity
            ),
        ),
        DatedInput(
            "SC of each resource",
            [a.pk for a in associations],
            fingerprint((a.resource.code, a.sc.code) for a in associations),
        ),
    ]
    if active:
        found += _costs_of(day, known_at, active)
    if penalties:
        words = fingerprint((p.contract_no, str(p.amount)) for p in penalties)
        found.append(DatedInput(PENALTIES, [p.pk for p in penalties], words))
    grants = grants_on(day, known_at)
    if grants:
        found.append(_recoveries(day, known_at, grants))
    return found + (_of_the_month(day, known_at) if day == last_of_month(day) else [])


def _recoveries(day: date, known_at: datetime, grants: list[Any]) -> DatedInput:
    """Return the approved costs to recover with what they are measured against."""
    resources = {g.item.request.resource_id for g in grants}
    words = [
        (
            g.item.request.resource.code,
            g.item.request.kind,
            g.item.first_hour,
            g.item.last_hour,
            str(g.approved),
            str(g.basis),
        )
        for g in grants
    ]
    basis = [str(row) for row in basis_rows(day, known_at, resources)]
    return DatedInput(RECOVERIES, [g.pk for g in grants], fingerprint([*words, basis]))


def _costs_of(day: date, known_at: datetime, active: set[int]) -> list[DatedInput]:
    """Return what the costs of resources with market results rest on."""
    costs = sealed_run(DAILY_COSTS, day, known_at)
    proxy = [r for r in proxy_costs(costs) if r[0] in active] if costs else []
    levels = [
        r
        for r in granted_levels(day, known_at)
        if r.cost_type != "ENERGY" and r.resource_id in active
    ]
    pmax = sorted((k, str(mw)) for k, mw in pmax_of(active, day, known_at).items())
    sums, energy = adder_words(day, known_at, active)
    return [
        DatedInput(PMAX, [key for key, _ in pmax], fingerprint(pmax)),
        DatedInput(
            ADDERS,
            [*(place[0] for place, _ in sums), *(key for key, _ in energy)],
            fingerprint([sums, energy]),
        ),
        DatedInput(PROXY, [r[0] for r in proxy], fingerprint((*r[:4], str(r[4])) for r in proxy)),
        DatedInput(
            APPROVED,
            [r.pk for r in levels],
            fingerprint((r.resource.code, r.cost_type, str(r.approved)) for r in levels),
        ),
    ]


def _of_the_month(day: date, known_at: datetime) -> list[DatedInput]:
    runs = availability_runs(day, known_at)
    demand = month_versions(day, known_at)
    prices = prices_over(day.replace(month=1, day=1), day, known_at)
    designated = list(cpm_of(day, known_at))
    return [
        DatedInput(
            AVAILABILITY,
            [r.pk for r in runs],
            fingerprint((str(r.trade_date), r.result_hash) for r in runs),
        ),
        DatedInput(
            "contract prices of the year",
            [key for key, _, _ in prices],
            fingerprint(
                (key, str(span.first), str(span.end), str(price)) for key, span, price in prices
            ),
        ),
        DatedInput(
            "metered demand of the month",
            [v.pk for v in demand],
            fingerprint((v.period, v.content_hash) for v in demand),
        ),
        DatedInput(
            "CPM designations",
            [c.label for c in designated],
            fingerprint(
                (
                    c.label,
                    str(c.mw),
                    [(str(d), str(p)) for d, p in c.prices],
                    sorted(c.areas),
                    c.shares,
                )
                for c in designated
            ),
        ),
    ]


def recoveries_published(run: Run, earlier: Any, at: datetime) -> None:
    """Call cost recovery requests settled whose every trade date is published by now."""
    recovered = ids_read(run, RECOVERIES)
    if recovered:
        settled_by(recovered, kind=DAILY, name=RECOVERIES, at=at)


def calculated(context: RunContext, book: Book) -> Book:
    """Put a book through the chain of its trade date."""
    return calculate(list(NODES), book, DayOfChain(context.trade_date, context.params))


def settle_day(context: RunContext) -> Computed:
    """Calculate the whole chain of the run's trade date.

    Every contract in force ends in one row; every line belongs to a charge code; what the lines
    rest on is kept beside them. What lacks an input is held. *Interpretation* (decision G36): the
    run is sealed with its holds and settles nothing until a second person publishes it.
    Source: BRS 1.2 section 6.4.1.
    """
    holds = holds_on(context.trade_date, context.known_at)
    held = held_of([h.as_dict() for h in holds], context.trade_date)
    book = calculated(context, book_of(context.run, holds=held))
    kept = writes(book, context.trade_date)
    totals = _totals(book, dict(kept))
    apart = sum(1 for h in holds if h.effect == HoldEffect.HELD)
    if apart:
        totals["Parts held"] = str(apart)
    if len(holds) > apart:
        totals["Parts to be answered for"] = str(len(holds) - apart)
    return Computed(writes=kept, totals=totals, invariants=invariants(book), holds=holds)


def _totals(book: Book, kept: dict[Any, pl.DataFrame]) -> dict[str, str]:
    sums = {code: int(book[code]["amount"].sum() or 0) for code in charge_codes()}
    paid = kept[CapacityPayment]
    outcomes = dict(paid.group_by("outcome").len().iter_rows()) if paid.height else {}
    always = ("RMR-CAP", "RMR-ALLOC")
    bare = book["commitment"].filter((pl.col("origin") == "NONE") & (pl.col("twelfths") > 0))
    pool = book["raaim_pool"]
    found = {f"{c} ($)": str(cents_to_usd(s)) for c, s in sums.items() if s or c in always}
    found |= {
        "Sum of the day ($)": str(cents_to_usd(sum(sums.values()))),
        "Metered demand (MWh)": format(MWH.from_scaled(sum(book["md"].cells.values())), "f"),
        "Allocation lines": str(kept[AllocationLine].height),
        **{f"Resources {name}": str(count) for name, count in sorted(outcomes.items())},
    }
    hour = ["resource_id", "hour_ending"]
    unmetered = book["hours"].join(book["factors"].select(hour).unique(), on=hour, how="anti")
    if unmetered.height:
        found["Resource hours without 5-minute rows"] = str(unmetered.height)
    if bare.height:
        found["Commitments without a cost"] = str(bare.height)
    if pool:
        found["RAAIM carried on ($)"] = str(cents_to_usd(pool.carried_over))
        found["Held by RAAIM ($)"] = str(cents_to_usd(pool.carried_over - pool.carried_in))
    return found

"""Settle one trade date: contracts and demand in, payments and allocation lines out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from apps.accounts.models import Party, User
from apps.accounts.selectors import system_user
from apps.designations.selectors import ContractOnDay, on_day
from apps.kernel.money import cents_to_usd
from apps.kernel.quantity import MW, MWH, USD_PER_MW_DAY
from apps.market.selectors import demand_cells
from apps.market.terms import METERED_DEMAND
from apps.resources.rules import NEW_TARIFF_CUTOFF
from apps.resources.selectors import sc_of, tac_codes
from apps.runs import services as run_services
from apps.runs.models import Run
from apps.runs.rules import fingerprint
from apps.runs.selectors import days_with_input, version_read
from apps.runs.terms import Computed, Invariant, RunContext, TermInput, kind
from apps.settlements.models import AllocationLine, CapacityPayment
from apps.settlements.rules import (
    ALLOCATION_STEP,
    CAPACITY_MW_BASIS,
    CapacityDay,
    CapacityRow,
    ContractDay,
    NoLoad,
    allocate,
    capacity_day,
)
from apps.settlements.rules.allocation import Cell
from apps.settlements.terms import DAILY, Outcome
from apps.uploads.models import DatasetVersion


@dataclass(frozen=True)
class Load:
    """Metered demand of a day by (SC, TAC area) code, and the keys behind the codes."""

    cells: dict[Cell, int]
    sc_keys: dict[str, int]
    tac_keys: dict[str, int]

    @property
    def by_area(self) -> dict[str, int]:
        """Demand by TAC area."""
        found: dict[str, int] = defaultdict(int)
        for (_, tac), mwh in self.cells.items():
            found[tac] += mwh
        return found


def terms_of(day: date, known_at: datetime) -> list[TermInput]:
    """Return the contract terms and SC associations in force, with fingerprints of their words."""
    held = on_day(day, known_at)
    resources = {c.contract.resource_id for c in held}
    associations = [a for a in sc_of(day, known_at) if a.resource_id in resources]
    prices = [c.price for c in held if c.price]
    capacity = [row for c in held for row in c.capacity]
    return [
        TermInput(
            "RMR contracts",
            [c.contract.pk for c in held],
            fingerprint(
                (c.contract.contract_no, c.contract.resource.code, c.contract.effective_date,
                 c.contract.scope, c.contract.is_synthetic) for c in held
            ),
        ),
        TermInput(
            "contract prices",
            [p.pk for p in prices],
            fingerprint((p.contract_no, str(p.price)) for p in prices),
        ),
        TermInput(
            "capacity by TAC area",
            [row.pk for row in capacity],
            fingerprint(
                (r.contract_no, r.tac_area.code, r.obligation_type, str(r.mw)) for r in capacity
            ),
        ),
        TermInput(
            "SC of each resource",
            [a.pk for a in associations],
            fingerprint((a.resource.code, a.sc.code) for a in associations),
        ),
    ]  # fmt: skip


def load_of(run: Run) -> Load:
    """Return the metered demand a run read, by code."""
    return load_version(version_read(run, METERED_DEMAND.name))


def load_version(version: DatasetVersion | None) -> Load:
    """Return the metered demand of a version, by code; none gives no demand."""
    codes = tac_codes()
    sums = demand_cells(version=version) if version else []
    scs = dict(Party.objects.filter(pk__in={s for s, _, _ in sums}).values_list("pk", "code"))
    return Load(
        {(scs[sc], codes[tac]): mwh for sc, tac, mwh in sums},
        {code: key for key, code in scs.items()},
        {code: key for key, code in codes.items()},
    )


def contract_day(held: ContractOnDay, sc: str | None) -> ContractDay:
    """Return what the rule needs to know of a contract on the day."""
    return ContractDay(
        held.contract.resource.code,
        held.contract.effective_date,
        held.price.price if held.price else None,
        [CapacityRow(r.tac_area.code, r.obligation_type, r.mw) for r in held.capacity],
        sc,
    )


def evaluate(
    held: ContractOnDay, sc: str | None, load: Load, context: RunContext
) -> tuple[CapacityDay, dict[Cell, int]]:
    """Return how a contract's day ends and its allocation; the settlement and Explain share it."""
    day = context.trade_date
    result = capacity_day(
        contract_day(held, sc),
        cutoff=context.params.at(NEW_TARIFF_CUTOFF, day),
        basis=context.params.at(CAPACITY_MW_BASIS, day),
    )
    if result.outcome is not Outcome.SETTLED:
        return result, {}
    try:
        parts = allocate(
            -result.amount_cents,
            scope=held.contract.scope,
            tac_mw={tac: MW.to_scaled(mw) for tac, mw in result.tac_mw.items()},
            load=load.cells,
            step=context.params.at(ALLOCATION_STEP, day),
        )
    except NoLoad as trouble:
        held_back = replace(
            result,
            outcome=Outcome.UNALLOCATED_NO_LOAD,
            sentence=f"{trouble}: nothing is paid that cannot be charged.",
            amount_cents=0,
        )
        return held_back, {}
    return result, parts


def settle_day(context: RunContext) -> Computed:
    """Compute capacity payments and their allocation for the run's trade date.

    Source: BRQ-1210, BRQ-1225 (base amount), BRQ-1230. Every contract in force ends in one row;
    the allocation of each settled resource adds up to its payment to the cent.
    """
    load = load_of(context.run)
    by_area, everything = load.by_area, sum(load.cells.values())
    sc_of_resource = {a.resource_id: a.sc for a in sc_of(context.trade_date, context.known_at)}
    payments: list[dict[str, Any]] = []
    lines: dict[str, list[Any]] = {name: [] for name in LINE_COLUMNS}
    for held in on_day(context.trade_date, context.known_at):
        sc = sc_of_resource.get(held.contract.resource_id)
        result, parts = evaluate(held, sc.code if sc else None, load, context)
        payments.append(_payment(held, sc, result, len(payments) + 1))
        local = held.contract.scope == "LOCAL"
        for cell in sorted(parts):
            tac = cell[1]
            lines["contract_no"].append(held.contract.contract_no)
            lines["resource_id"].append(held.contract.resource_id)
            lines["sc_id"].append(load.sc_keys[cell[0]])
            lines["tac_area_id"].append(load.tac_keys[tac])
            lines["scope"].append(held.contract.scope)
            lines["tac_mw"].append(MW.to_scaled(result.tac_mw[tac]) if local else None)
            lines["load_mwh"].append(load.cells[cell])
            lines["base_mwh"].append(by_area[tac] if local else everything)
            lines["amount"].append(parts[cell])
    return _computed(context, payments, lines, everything)


LINE_COLUMNS = {
    "contract_no": pl.String, "resource_id": pl.Int64, "sc_id": pl.Int64, "tac_area_id": pl.Int64,
    "scope": pl.String, "tac_mw": pl.Int64, "load_mwh": pl.Int64, "base_mwh": pl.Int64,
    "amount": pl.Int64,
}  # fmt: skip
PAYMENT_COLUMNS = {
    "line_no": pl.Int64, "contract_no": pl.String, "resource_id": pl.Int64, "sc_id": pl.Int64,
    "outcome": pl.String, "sentence": pl.String, "vintage": pl.String, "scope": pl.String,
    "obligation_type": pl.String, "capacity_mw": pl.Int64, "price": pl.Int64, "amount": pl.Int64,
    "is_synthetic": pl.Boolean,
}  # fmt: skip


def _payment(
    held: ContractOnDay, sc: Party | None, result: CapacityDay, line_no: int
) -> dict[str, Any]:
    settled = result.outcome is Outcome.SETTLED
    return {
        "line_no": line_no,
        "contract_no": held.contract.contract_no,
        "resource_id": held.contract.resource_id,
        "sc_id": sc.pk if sc else None,
        "outcome": result.outcome.value,
        "sentence": result.sentence[:300],
        "vintage": result.vintage.value,
        "scope": held.contract.scope,
        "obligation_type": result.obligation_type,
        "capacity_mw": MW.to_scaled(result.capacity_mw) if result.capacity_mw else None,
        "price": USD_PER_MW_DAY.to_scaled(held.price.price) if held.price else None,
        "amount": result.amount_cents if settled else None,
        "is_synthetic": held.contract.is_synthetic,
    }


def _computed(
    context: RunContext,
    payments: list[dict[str, Any]],
    lines: dict[str, list[Any]],
    everything: int,
) -> Computed:
    day = pl.lit(context.trade_date).alias("trade_date")
    paid = pl.DataFrame(payments, schema=PAYMENT_COLUMNS).with_columns(day)
    shared = pl.DataFrame(lines, schema=LINE_COLUMNS).with_row_index("line_no", 1).with_columns(day)
    total_paid = int(paid["amount"].sum() or 0)
    total_shared = int(shared["amount"].sum() or 0)
    outcomes = dict(paid.group_by("outcome").len().iter_rows()) if payments else {}
    return Computed(
        writes=((CapacityPayment, paid), (AllocationLine, shared)),
        totals={
            "RMR-CAP ($)": str(cents_to_usd(total_paid)),
            "RMR-ALLOC ($)": str(cents_to_usd(total_shared)),
            "Sum of the day ($)": str(cents_to_usd(total_paid + total_shared)),
            "Metered demand (MWh)": format(MWH.from_scaled(everything), "f"),
            "Allocation lines": str(shared.height),
            **{f"Resources {name}": str(count) for name, count in sorted(outcomes.items())},
        },
        invariants=invariants(paid, shared),
    )


def invariants(paid: pl.DataFrame, shared: pl.DataFrame) -> list[Invariant]:
    """Return what must hold before a day is sealed: neutral by resource and in sum."""
    net = (
        pl.concat([paid.select("resource_id", "amount"), shared.select("resource_id", "amount")])
        .group_by("resource_id")
        .agg(pl.col("amount").sum())
        .filter(pl.col("amount") != 0)
    )
    total = int(paid["amount"].sum() or 0) + int(shared["amount"].sum() or 0)
    settled = set(paid.filter(pl.col("outcome") == "SETTLED")["resource_id"])
    others = set(shared["resource_id"]) - settled
    return [
        Invariant(
            "neutral by resource",
            net.is_empty(),
            f"Payment and allocation differ for {net.height} resources.",
        ),
        Invariant("neutral in sum", total == 0, f"The day adds up to {total} cents, not to zero."),
        Invariant(
            "only settled resources are allocated",
            not others and settled == set(shared["resource_id"]),
            "Allocation lines and settled resources are not the same set.",
        ),
    ]


def request_day(*, trade_date: date, actor: User, at: datetime, reason: str) -> tuple[Run, bool]:
    """Ask for a day's settlement; return the run and whether it is new."""
    return run_services.request(
        kind_code=DAILY, trade_date=trade_date, actor=actor, at=at, reason=reason
    )


def settle_due_days(*, at: datetime) -> list[Run]:
    """Request, in the system's name, the days that have no run yet or whose inputs moved on.

    A new release alone makes no day due: settled numbers change by inputs or by a person's request.
    Publishing stays a person's decision.
    """
    days = days_with_input(kind(DAILY), at)
    newest = {
        run.trade_date: run
        for run in Run.objects.filter(kind=DAILY, trade_date__in=days)
        .exclude(state="FAILED")
        .order_by("trade_date", "-pk")
        .distinct("trade_date")
    }
    due = [d for d in days if d not in newest or run_services.has_moved_on(newest[d], at)]
    return [
        request_day(
            trade_date=day, actor=system_user(), at=at, reason="daily settlement by the calendar"
        )[0]
        for day in due
    ]

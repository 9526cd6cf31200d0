"""The book of a trade date: everything its chain reads, as known at the run's moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import polars as pl

from apps.adequacy.availability.selectors import hours_by_month, runs_through, sums_by_month
from apps.adequacy.cpm.selectors import deficiencies_of, designated_in, prices_of
from apps.bidding.costs.codes import DAILY_COSTS
from apps.bidding.costs.selectors import (
    broadcast_transitions,
    granted_by_key,
    proxy_costs,
    sealed_run,
)
from apps.bidding.costs.services import adders_known
from apps.platform.accounts.models import Party
from apps.platform.core.quantity import COST, MW
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import Span, first_of_month, last_of_month
from apps.platform.parameters.selectors import parameter_set
from apps.platform.runs.hooks import RUN_KINDS
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import version_read
from apps.platform.uploads.models import DatasetVersion
from apps.reference.market.codes import DISPATCH_SHARES, METERED_DEMAND, RESULT_DATASETS
from apps.reference.market.selectors import demand_cells, demand_of_days, result_frame, shares_of
from apps.reference.resources.selectors import pmax_of, sc_of, tac_codes, tac_of_resources
from apps.reliability.designations.selectors import ContractOnDay, on_day, prices_over
from apps.settlement.cost_recovery.rules import COST_BASIS
from apps.settlement.cost_recovery.selectors import basis_of, claims_by_key
from apps.settlement.settlements.rules import CapacityRow, ContractDay, Load
from apps.settlement.settlements.rules.chain import DayOfChain
from apps.settlement.settlements.rules.dispatch_shares import DispatchShares, ShareRow
from apps.settlement.settlements.rules.holds import HeldResults, held_of
from apps.settlement.settlements.rules.nodes.capacity_procurement import CpmMonth, MonthDemand
from apps.settlement.settlements.rules.nodes.negotiated_penalty import Penalty
from apps.settlement.settlements.selectors import month_versions, penalties_of

APPROVED, AVAILABILITY, PENALTIES = "approved actual costs", "availability", "negotiated penalties"
RECOVERIES = "approved costs to recover"
PORTS = dict(
    zip(
        (d.name for d in RESULT_DATASETS),
        ("commitments", "hours", "quarters", "intervals"),
        strict=True,
    )
)


@dataclass(frozen=True)
class ResourcesOfDay:
    """SC of the day and Pmax (stored steps) by resource key."""

    scs: Mapping[int, int]
    pmax: Mapping[int, int]


@dataclass(frozen=True)
class Year:
    """Availability of a year's months so far, and what new RMR is charged a megawatt by month."""

    rows: pl.DataFrame
    prices: Mapping[int, Mapping[int, Fraction]]


YEAR_ROWS = {
    "month": pl.Int64,
    "resource_id": pl.Int64,
    "ra_type": pl.String,
    "source": pl.String,
    "sc_id": pl.Int64,
    "owed": pl.Int64,
    "lost": pl.Int64,
    "hours": pl.Int64,
}
PLACE = {
    "resource_id": pl.Int64,
    "cost_type": pl.String,
    "config": pl.String,
    "to_config": pl.String,
    "amount": pl.Int64,
}
BASIS = {"resource_id": pl.Int64, "to_mw": pl.Int64, "price": pl.Int64}
LEVEL = {
    "request": pl.Int64,
    "resource_id": pl.Int64,
    "horizon": pl.String,
    "cost_type": pl.String,
    "of_config": pl.String,
    "first_hour": pl.Int64,
    "last_hour": pl.Int64,
    "amount": pl.Int64,
}


def load_version(version: DatasetVersion | None) -> Load:
    """Return the metered demand of a version, by code; none gives no demand."""
    sums = demand_cells(version=version) if version else []
    return _load(sums)


def _load(sums: list[tuple[int, int, int]]) -> Load:
    codes = tac_codes()
    scs = dict(Party.objects.filter(pk__in={s for s, _, _ in sums}).values_list("pk", "code"))
    return Load(
        {(scs[sc], codes[tac]): mwh for sc, tac, mwh in sums},
        {code: key for key, code in scs.items()},
        {code: key for key, code in codes.items()},
    )


def shares_read(run: Run) -> DispatchShares:
    """Return what the run read of shares of exceptional dispatch, by SC code."""
    rows = shares_of(version_read(run, DISPATCH_SHARES.name))
    scs = dict(Party.objects.filter(pk__in={row[3] for row in rows}).values_list("pk", "code"))
    entries = tuple(
        ShareRow(line, basis, resource, scs[sc], steps) for line, basis, resource, sc, steps in rows
    )
    return DispatchShares(entries, {code: key for key, code in scs.items()})


def contract_day(held: ContractOnDay, sc: Party | None) -> ContractDay:
    """Return what the rules need to know of a contract on the day."""
    contract = held.contract
    return ContractDay(
        contract.resource.code,
        contract.effective_date,
        held.price.price if held.price else None,
        [CapacityRow(r.tac_area.code, r.obligation_type, r.mw) for r in held.capacity],
        sc.code if sc else None,
        contract.contract_no,
        contract.scope,
        contract.resource_id,
        sc.pk if sc else None,
        contract.is_synthetic,
        contract.condition or "",
    )


def ids_read(run: Run, name: str) -> list[int]:
    """Return the rows of a kind that a run's manifest names: a later look reads the same."""
    found = run.inputs.filter(name=name, dataset_version__isnull=True).first()
    return list(found.term_ids) if found else []


def book_of(
    run: Run, *, resources: set[int] | None = None, holds: HeldResults | None = None
) -> dict[str, Any]:
    """Return everything the chain reads for a run.

    resources: look at these alone, for an explanation of what concerns no other. holds: what is
    held, while the run is calculated; afterwards it is what the run keeps.
    """
    day, known_at = run.trade_date, run.known_at
    frames = {
        PORTS[d.name]: result_frame(d.name, version_read(run, d.name), resources)
        for d in RESULT_DATASETS
    }
    associations = {a.resource_id: a.sc for a in sc_of(day, known_at)}
    seen = {key for frame in frames.values() for key in frame["resource_id"].unique()}
    pmax = {key: MW.to_scaled(mw) for key, mw in pmax_of(seen, day, known_at).items()}
    load = load_version(version_read(run, METERED_DEMAND.name))
    month_end = day == last_of_month(day)
    claims = [
        c
        for c in claims_by_key(ids_read(run, RECOVERIES))
        if resources is None or c.resource_id in resources
    ]
    return {
        **frames,
        "demand": load,
        "ed_shares": shares_read(run),
        "costs": _costs(day, known_at, ids_read(run, APPROVED), {c.resource_id for c in claims}),
        "recoveries": claims,
        "contracts": [
            contract_day(held, associations.get(held.contract.resource_id))
            for held in on_day(day, known_at)
            if resources is None or held.contract.resource_id in resources
        ],
        "resources": ResourcesOfDay({key: sc.pk for key, sc in associations.items()}, pmax),
        "availability": _year(day, known_at, ids_read(run, AVAILABILITY)) if month_end else None,
        "month_demand": _month_demand(day, known_at) if month_end else None,
        "cpm": list(cpm_of(day, known_at)) if month_end else [],
        "holds": held_of(run.holds, day) if holds is None else holds,
        "penalties": [Penalty(no, cents) for no, cents in penalties_of(ids_read(run, PENALTIES))],
    }


def day_of(run: Run) -> DayOfChain:
    """Return the trade date of a run with its parameters as known at the run's moment."""
    params = parameter_set(
        parameters=RUN_KINDS[run.kind].parameters,
        span=Span.through(run.trade_date, run.trade_date),
        known_at=run.known_at,
    )
    return DayOfChain(run.trade_date, params)


@dataclass(frozen=True)
class Adders:
    """MMA and OC of a day in stored steps: by cost and place, and of energy by resource."""

    sums: dict[tuple[int, str, str, str], int]
    energy: dict[int, int]


@implements("BRQ-1206", source="settlement rule book 7.1, decision G34")
def adders_of(day: date, known_at: datetime, concerned: set[int] | None = None) -> Adders:
    """Return the adders of a day as proxy costs hold them, the calculated MMA of transitions too.

    Each is the approved adder, else the Master File's. concerned: look at these resources alone.
    """
    found = Adders({}, {})
    for adder in adders_known(day, known_at, concerned).all():
        resource, kind, config, to_config = adder.key
        _, _, cost = kind.partition("_")
        steps = COST.to_scaled(adder.amount)
        if cost == "ENERGY":
            if config == "" or resource not in found.energy:
                found.energy[resource] = steps
            continue
        place = (resource, cost, config, to_config)
        found.sums[place] = found.sums.get(place, 0) + steps
    run = sealed_run(DAILY_COSTS, day, known_at)
    for t in broadcast_transitions(run) if run else []:
        if concerned is not None and t.resource_id not in concerned:
            continue
        place = (t.resource_id, "TRANSITION", t.from_config, t.to_config)
        found.sums[place] = found.sums.get(place, 0) + COST.to_scaled(t.mma or 0)
    return found


def adder_words(
    day: date, known_at: datetime, concerned: set[int]
) -> tuple[list[tuple[tuple[int, str, str, str], int]], list[tuple[int, int]]]:
    """Return the adders of some resources in a fixed order: by cost and place, and of energy."""
    found = adders_of(day, known_at, concerned)
    return sorted(found.sums.items()), sorted(found.energy.items())


@implements("BRQ-1206", "BRQ-0095", source="BRS 1.2 section 6.4.1")
def _costs(
    day: date, known_at: datetime, request_ids: Iterable[int], recovering: set[int]
) -> dict[str, pl.DataFrame]:
    """Return costs and adders of a day as the chain reads them: calculated and approved ones.

    recovering: the resources whose cost basis is asked for.
    """
    run = sealed_run(DAILY_COSTS, day, known_at)
    adders = adders_of(day, known_at)
    proxy = [(*row[:4], COST.to_scaled(row[4])) for row in proxy_costs(run)] if run else []
    levels = [
        (
            r.pk,
            r.resource_id,
            r.market,
            r.cost_type,
            r.config,
            r.first_hour,
            r.last_hour,
            COST.to_scaled(r.granted),
        )
        for r in granted_by_key(list(request_ids))
    ]
    return {
        "proxy": pl.DataFrame(proxy, schema=PLACE, orient="row"),
        "adders": pl.DataFrame(
            [(*k, v) for k, v in sorted(adders.sums.items())], schema=PLACE, orient="row"
        ),
        "energy": pl.DataFrame(
            sorted(adders.energy.items()),
            schema={"resource_id": pl.Int64, "oc_energy": pl.Int64},
            orient="row",
        ),
        "approved": pl.DataFrame(levels, schema=LEVEL, orient="row"),
        "basis": pl.DataFrame(basis_rows(day, known_at, recovering), schema=BASIS, orient="row"),
    }


def basis_rows(day: date, known_at: datetime, resources: set[int]) -> list[tuple[int, int, int]]:
    """Return (resource, upper MW, price) of the cost basis in stored steps; none for nobody."""
    if not resources:
        return []
    params = parameter_set(parameters=(COST_BASIS,), span=Span.through(day, day), known_at=known_at)
    found = basis_of(day, known_at, resources, params.at(COST_BASIS, day))
    return [(key, mw, price) for key in sorted(found) for mw, price in found[key]]


def _year(day: date, known_at: datetime, run_ids: list[int]) -> Year:
    hours = hours_by_month(run_ids)
    sums: dict[tuple[int, int, str, str, int], list[int]] = {}
    for month, key, part, category, source, sc, owed, lost in sums_by_month(run_ids):
        row = sums.setdefault((month, key, part, source, sc), [0, 0, 0])
        row[0] += MW.to_scaled(owed)
        row[1] += MW.to_scaled(lost)
        row[2] = max(row[2], hours[month, part, category or 0])
    rows = [(*place, *row) for place, row in sums.items()]
    prices: dict[int, dict[int, Fraction]] = {}
    first = day.replace(month=1, day=1)
    for key, span, price in prices_over(first, day, known_at):
        inside = Span(max(span.first, first), min(span.end, day + timedelta(days=1)))
        for at in inside:
            daily = prices.setdefault(at.month, {})
            daily[key] = daily.get(key, Fraction(0)) + Fraction(price)
    return Year(pl.DataFrame(rows, schema=YEAR_ROWS, orient="row"), prices)


def _month_demand(day: date, known_at: datetime) -> MonthDemand:
    found: dict[date, list[tuple[int, int, int]]] = {}
    for at, sc, tac, mwh in demand_of_days(month_versions(day, known_at)):
        found.setdefault(at, []).append((sc, tac, mwh))
    return MonthDemand({at: _load(cells).cells for at, cells in found.items()})


def cpm_of(day: date, known_at: datetime) -> Iterable[CpmMonth]:
    """Return the designations of a month with the price of each day they were in force."""
    first = first_of_month(day)
    cases = designated_in(first, day, known_at)
    areas = tac_of_resources({c.resource_id for c in cases}, day, known_at)
    prices = prices_of([c.pk for c in cases], known_at)
    short = deficiencies_of([c.pk for c in cases], known_at)
    for case in cases:
        days = Span.through(max(first, case.first_date), min(day, case.last_date))
        daily = tuple(
            (at, Fraction(p.price))
            for p in prices
            if p.designation_id == case.pk
            for at in days
            if at in p.span
        )
        if daily:
            area = areas.get(case.resource_id)
            yield CpmMonth(
                f"CPM {case.pk}",
                case.resource_id,
                case.sc_id,
                Fraction(case.mw),
                daily,
                frozenset({area} if area else ()),
                tuple((d.sc.code, d.sc_id, MW.to_scaled(d.mw)) for d in short.get(case.pk, [])),
            )


def availability_runs(day: date, known_at: datetime) -> list[Run]:
    """Return the availability a month's end rests on: of its year so far."""
    return runs_through(day.replace(month=1, day=1), day, known_at)

"""What other contract prices would cost each SC, by the settlement's own rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from apps.platform.core.tradetime import Span
from apps.platform.parameters.selectors import parameter_set
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import METERED_DEMAND
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF
from apps.reference.resources.selectors import sc_of
from apps.reliability.designations.selectors import NOW, on_day
from apps.settlement.settlements.rules import ALLOCATION_STEP, CAPACITY_MW_BASIS, ContractDay
from apps.settlement.settlements.rules.chain import DayOfChain
from apps.settlement.settlements.rules.demand import Load
from apps.settlement.settlements.rules.nodes.reliability import RmrDay, capacity_of, settle_contract
from apps.settlement.settlements.selectors import netted_of
from apps.settlement.settlements.services.inputs import contract_day, load_version

PARAMETERS = (ALLOCATION_STEP, CAPACITY_MW_BASIS, NEW_TARIFF_CUTOFF)


def price_cost(contract_no: str, prices: Mapping[date, Decimal]) -> tuple[dict[str, int], int]:
    """Return cents more or less for each SC if a contract had other prices on past days.

    prices: new price ($/MW-day) by trade date. What the day's markets took back is kept as it is
    published. Days whose metered demand is not on file cannot be allocated and are left out; the
    second value says how many were. Nothing is stored.
    """
    shares: dict[str, int] = defaultdict(int)
    allocated = 0
    for day, price in sorted(prices.items()):
        versions = versions_known_at(METERED_DEMAND.name, NOW, days=[day])
        held = next((c for c in on_day(day, NOW) if c.contract.contract_no == contract_no), None)
        if held is None or not versions:
            continue
        load = load_version(versions[0])
        params = parameter_set(parameters=PARAMETERS, span=Span.through(day, day), known_at=NOW)
        key = held.contract.resource_id
        sc = next((a.sc for a in sc_of(day, NOW) if a.resource_id == key), None)
        contract = contract_day(held, sc)
        before = _settled(contract, load, DayOfChain(day, params)).parts
        after = _settled(replace(contract, price=price), load, DayOfChain(day, params)).parts
        for cell in before.keys() | after.keys():
            shares[cell[0]] += after.get(cell, 0) - before.get(cell, 0)
        allocated += 1
    return {sc: cents for sc, cents in shares.items() if cents}, allocated


def _settled(contract: ContractDay, load: Load, day: DayOfChain) -> RmrDay:
    nets = netted_of(contract.resource_id, day.date)
    found = RmrDay(contract, capacity_of(contract, day))
    return settle_contract(found, nets, load, day.at(ALLOCATION_STEP))

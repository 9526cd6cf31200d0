"""What the lines of an SC's statement rest on, as far as it may be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from apps.platform.core.quantity import MW, MWH, USD_PER_MW_DAY, Quantity, plain
from apps.platform.runs.models import Run
from apps.reliability.designations.selectors import open_contracts, told_of_every_contract
from apps.settlement.settlements.codes import ChargeCode, ContractOutcome
from apps.settlement.settlements.models import AllocationLine, CapacityPayment, ChargeLine
from apps.settlement.settlements.selectors.sharers import Sharers
from apps.settlement.settlements.selectors.withholding import Withheld

LineKey = tuple[str, int | None, int | None, str]
Determinant = tuple[LineKey, str, Any, Quantity]


def determinants_of(
    run: Run, sc_id: int, *, in_full: bool = False
) -> dict[LineKey, list[tuple[str, str, str]]]:
    """Return (symbol, value, unit) of what an SC's lines rest on, by charge, resource, area, case.

    The first of a line is what it counts. The SC is told its own quantities, sums where enough SCs
    share them, and the megawatts of contracts that are its own or open; in_full: the ISO is told
    all.
    """
    found: dict[LineKey, list[tuple[str, str, str]]] = {}
    sharers = Sharers(run)
    withheld = None if in_full else Withheld(run, sc_id, sharers)
    for key, name, value, unit in (
        *_paid(run, sc_id),
        *_allocated(run, sc_id, withheld),
        *_charged(run, sc_id, sharers, withheld),
    ):
        if value is not None:
            found.setdefault(key, []).append((name, plain(value), unit.unit))
    return found


def _paid(run: Run, sc_id: int) -> Iterator[Determinant]:
    rows: Iterable[Any] = CapacityPayment.objects.filter(
        run=run, sc_id=sc_id, outcome=ContractOutcome.SETTLED.value
    ).values_list("resource_id", "capacity_mw", "price")
    for resource, mw, price in rows:
        key: LineKey = (ChargeCode.RMR_CAP.value, resource, None, "")
        yield key, "CapMW", mw, MW
        yield key, "Price", price, USD_PER_MW_DAY


def _allocated(run: Run, sc_id: int, withheld: Withheld | None) -> Iterator[Determinant]:
    own = CapacityPayment.objects.filter(run=run, sc_id=sc_id).values_list("contract_no", flat=True)
    told = set(own) | open_contracts()
    every = withheld is None or told_of_every_contract()
    rows: Iterable[Any] = AllocationLine.objects.filter(run=run, sc_id=sc_id).values_list(
        "resource_id", "tac_area_id", "contract_no", "scope", "load_mwh", "base_mwh", "tac_mw"
    )
    for resource, area, contract, scope, load, base, mw in rows:
        key: LineKey = (ChargeCode.RMR_ALLOC.value, resource, area, "")
        yield key, "MD(sc, tac)", load, MWH
        if withheld is None or not withheld.of_allocation(scope, area):
            yield key, "MD", base, MWH
        if every or contract in told:
            yield key, "MW(tac)", mw, MW


def _charged(
    run: Run, sc_id: int, sharers: Sharers, withheld: Withheld | None
) -> Iterator[Determinant]:
    rows: Iterable[Any] = ChargeLine.objects.filter(
        run=run, sc_id=sc_id, part__isnull=False
    ).values_list("charge_code", "resource_id", "tac_area_id", "contract_no", "part", "whole")
    for code, resource, area, contract, part, whole in rows:
        key: LineKey = (code, resource, area, contract)
        symbol, unit = sharers.basis_of(code, resource)
        yield key, f"{symbol}(sc)", part, unit
        if withheld is None or not withheld.of_charge(code, resource, area, whole):
            yield key, symbol, whole, unit

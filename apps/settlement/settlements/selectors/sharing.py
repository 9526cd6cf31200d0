"""What lines rest on, and who shares them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Sum

from apps.platform.core.money import usd_to_cents
from apps.platform.core.quantity import MW, MWH, USD_PER_MW_DAY, Quantity, plain
from apps.platform.runs.models import Run
from apps.settlement.settlements.codes import ChargeCode
from apps.settlement.settlements.models import AllocationLine, CapacityPayment, ChargeLine
from apps.settlement.settlements.rules.chain import charge_codes


@dataclass(frozen=True)
class Bearer:
    """An SC that shares a cost: by its demand in stored steps, or by the cents it bears."""

    sc: str
    weight: int
    of_load: bool


def bearers_of(
    run: Run,
    code: str,
    *,
    resource_id: Any,
    tac_area_id: Any,
    contract_no: str,
    but: int,
) -> list[Bearer]:
    """Return who else shares what a line is part of: of the same charge, or of the one paid for.

    An allocation is shared by demand. A payment to a resource's SC falls on those who bear that
    resource's or contract's cost. but: the SC whose line it is, of an allocation left out.
    """
    rows: Any = AllocationLine.objects.filter(run=run, resource_id=resource_id)
    if code == ChargeCode.RMR_ALLOC.value:
        rows = rows.filter(tac_area_id=tac_area_id).exclude(sc_id=but)
        found = rows.values_list("sc__code").annotate(w=Sum("load_mwh")).order_by("sc__code")
        return [Bearer(sc, MWH.to_scaled(w), True) for sc, w in found]
    if code in BORNE_AS_ALLOCATED:
        found = rows.values_list("sc__code").annotate(w=Sum("amount")).order_by("sc__code")
        return [Bearer(sc, abs(usd_to_cents(w)), False) for sc, w in found]
    shared = [c for c, n in charge_codes().items() if code in n.reads and c != "ROUNDING-ADJ"]
    shared = ["RMR-PEN-ALLOC"] if code == "RMR-PENALTY" else shared
    lines: Any = ChargeLine.objects.filter(run=run, charge_code__in=shared or [code])
    if contract_no:
        lines = lines.filter(contract_no=contract_no)
    if not shared:
        lines = lines.filter(resource_id=resource_id, tac_area_id=tac_area_id).exclude(sc_id=but)
    of_load = not lines.filter(part__isnull=True).exists()
    sums = lines.values_list("sc__code").order_by("sc__code")
    if of_load:
        return [Bearer(sc, MWH.to_scaled(w), True) for sc, w in sums.annotate(w=Max("part"))]
    paid = sums.annotate(w=Sum("amount"))
    return [Bearer(sc, abs(usd_to_cents(w)), False) for sc, w in paid]


BORNE_AS_ALLOCATED = ("RMR-CAP", "RMR-ADDER", "RMR-EXCESS", "RMR-COSTREC")


LineKey = tuple[str, int | None, int | None, str]


def determinants_of(run: Run, sc_id: int) -> dict[LineKey, list[tuple[str, str, str]]]:
    """Return (symbol, value, unit) of what an SC's lines rest on, by charge, resource, area, case.

    The first of a line is what it counts.
    """
    found: dict[LineKey, list[tuple[str, str, str]]] = {}

    def put(key: LineKey, name: str, value: Any, unit: Quantity) -> None:
        if value is not None:
            found.setdefault(key, []).append((name, plain(value), unit.unit))

    mine: dict[str, Any] = {"run": run, "sc_id": sc_id}
    paid: Iterable[Any]
    shared: Iterable[Any]
    others: Iterable[Any]
    paid = CapacityPayment.objects.filter(**mine, outcome="SETTLED").values_list(
        "resource_id", "capacity_mw", "price"
    )
    for resource, mw, price in paid:
        key: LineKey = (ChargeCode.RMR_CAP.value, resource, None, "")
        put(key, "CapMW", mw, MW)
        put(key, "Price", price, USD_PER_MW_DAY)
    shared = AllocationLine.objects.filter(**mine).values_list(
        "resource_id", "tac_area_id", "load_mwh", "base_mwh", "tac_mw"
    )
    for resource, area, load, base, mw in shared:
        key = (ChargeCode.RMR_ALLOC.value, resource, area, "")
        put(key, "MD(sc, tac)", load, MWH)
        put(key, "MD", base, MWH)
        put(key, "MW(tac)", mw, MW)
    others = ChargeLine.objects.filter(**mine, part__isnull=False).values_list(
        "charge_code", "resource_id", "tac_area_id", "contract_no", "part", "whole"
    )
    for code, resource, area, contract, part, whole in others:
        key = (code, resource, area, contract)
        put(key, "MD(sc)", part, MWH)
        put(key, "MD", whole, MWH)
    return found

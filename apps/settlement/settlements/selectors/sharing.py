"""Who shares what a line is part of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Sum

from apps.platform.core.money import usd_to_cents
from apps.platform.core.quantity import MWH
from apps.platform.runs.models import Run
from apps.settlement.settlements.codes import ChargeCode
from apps.settlement.settlements.models import AllocationLine, ChargeLine
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

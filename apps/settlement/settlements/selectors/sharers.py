"""By what the stored lines of a run are shared, and who shares each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from apps.platform.accounts.services import bypass_rls
from apps.platform.core.quantity import MWH, USD, Quantity
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import version_read
from apps.reference.market.codes import METERED_DEMAND
from apps.reference.market.selectors import demand_cells
from apps.settlement.settlements.models import ChargeLine

Cells = Mapping[tuple[int, int], int]
OWN_QUANTITIES = ("ED-IIE-ALLOC", "ED-TR-ALLOC")
"""Charge codes that may be shared by quantities on file in place of metered demand."""


class Basis(NamedTuple):
    """What a line is shared by: the symbol and the unit of its quantity."""

    symbol: str
    unit: Quantity


DEMAND = Basis("MD", MWH)
MEASURED = Basis("MeasuredDemand", MWH)
REQUIREMENT = Basis("RevenueRequirement", USD)


class Sharers:
    """Who shares the lines of a run, read once; the reader decides what of it is told."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def demand(self) -> Cells:
        """Metered demand of the day by (SC, TAC area), in stored steps."""
        version = version_read(self.run, METERED_DEMAND.name)
        with bypass_rls("how many share a sum decides whether it is told"):
            cells = demand_cells(version=version) if version else []
        return {(sc, tac): mwh for sc, tac, mwh in cells}

    @cached_property
    def _parts(self) -> dict[tuple[str, int | None], dict[int, int]]:
        found: dict[tuple[str, int | None], dict[int, int]] = {}
        with bypass_rls("how many share a sum decides whether it is told"):
            rows = ChargeLine.objects.filter(
                run=self.run, charge_code__in=OWN_QUANTITIES, part__isnull=False
            ).values_list("charge_code", "resource_id", "sc_id", "part")
            for code, resource, sc, part in rows:
                found.setdefault((code, resource), {})[sc] = MWH.to_scaled(part or 0)
        return found

    def parts_of(self, code: str, resource_id: int | None) -> Mapping[int, int]:
        """Return what each SC bears a line of exceptional dispatch by, in stored steps."""
        return self._parts.get((code, resource_id), {})

    def basis_of(self, code: str, resource_id: int | None) -> Basis:
        """Return what the lines of a charge code, of a resource or of none, are shared by.

        What is shared by metered demand holds each SC's of the day; the uplift of one resource is
        its transmission owners' (settlement rule book 15, decision G35).
        """
        if code not in OWN_QUANTITIES:
            return DEMAND
        if resource_id is not None:
            return REQUIREMENT
        by_sc: dict[int, int] = {}
        for (sc, _), mwh in self.demand.items():
            if mwh > 0:
                by_sc[sc] = by_sc.get(sc, 0) + mwh
        return DEMAND if self.parts_of(code, None) == by_sc else MEASURED

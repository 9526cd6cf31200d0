"""Which numbers behind an SC's shares it is not told, as they are another's or would tell them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from apps.platform.accounts.services import bypass_rls
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.quantity import MWH
from apps.platform.core.tradetime import Span, first_of_month
from apps.platform.parameters.selectors import value_on
from apps.platform.runs.models import Run
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import METERED_DEMAND
from apps.reference.market.selectors import demand_of_days
from apps.reference.resources.selectors import tac_codes, tac_of_resources
from apps.reliability.designations.codes import AllocationScope
from apps.reliability.designations.selectors import reading_day
from apps.settlement.settlements.rules.parameters import FEWEST_SHARERS
from apps.settlement.settlements.rules.telling import too_few
from apps.settlement.settlements.selectors.sharers import DEMAND, Cells, Sharers

MONTHLY = ("RAAIM-ALLOC", "CPM-ALLOC")
NEVER = 10**9


def fewest_sharers() -> int:
    """Return how many SCs have to share a sum for it to be told to them today.

    Without a value no sum is told.
    """
    try:
        return int(value_on(FEWEST_SHARERS, reading_day()))
    except ParameterMissing:
        return NEVER


def month_versions(day: date, known_at: datetime) -> list[DatasetVersion]:
    """Return the metered demand of a month's trade dates as known at a moment."""
    days = list(Span.through(first_of_month(day), day))
    return versions_known_at(METERED_DEMAND.name, known_at, days=days)


class Withheld:
    """Which sums of demand an SC is not told of a run's lines; it reads what they need, once."""

    def __init__(self, run: Run, sc_id: int, sharers: Sharers) -> None:
        self.run, self.sc_id, self.sharers = run, sc_id, sharers
        self.fewest = fewest_sharers()

    @cached_property
    def _month(self) -> list[Cells]:
        found: dict[date, dict[tuple[int, int], int]] = {}
        with bypass_rls("how many share a sum decides whether it is told"):
            versions = month_versions(self.run.trade_date, self.run.known_at)
            for day, sc, tac, mwh in demand_of_days(versions):
                found.setdefault(day, {})[sc, tac] = mwh
        return list(found.values())

    def of_allocation(self, scope: str, tac_area_id: int) -> bool:
        """Whether the sum that an allocation line is a share of is withheld."""
        areas = (tac_area_id,) if scope == AllocationScope.LOCAL.value else ()
        return self._few(areas)

    def _few(self, areas: tuple[int, ...]) -> bool:
        return too_few(self.sharers.demand, areas, self.sc_id, self.fewest)

    def of_charge(
        self, code: str, resource_id: int | None, tac_area_id: int | None, whole: Decimal
    ) -> bool:
        """Whether the sum that a line of another charge code is a share of is withheld.

        whole: that sum as it is stored. Of a TAC area's line it is the area's demand where the
        contract is local; quantities other than demand are told where enough SCs share the line.
        """
        if code in MONTHLY:
            areas = self._areas(resource_id) if resource_id else ()
            return any(too_few(cells, areas, self.sc_id, self.fewest) for cells in self._month)
        if self.sharers.basis_of(code, resource_id) is not DEMAND:
            return len(self.sharers.parts_of(code, resource_id)) < self.fewest
        everybody = MWH.to_scaled(whole) == sum(self.sharers.demand.values())
        return self._few(() if everybody or tac_area_id is None else (tac_area_id,))

    def _areas(self, resource_id: int) -> tuple[int, ...]:
        run = self.run
        with bypass_rls("the TAC area of a resource decides who shares its cost"):
            found = tac_of_resources({resource_id}, run.trade_date, run.known_at)
            return tuple(key for key, code in tac_codes().items() if code in found.values())

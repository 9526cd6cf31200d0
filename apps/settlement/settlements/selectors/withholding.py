"""Which numbers behind an SC's shares it is not told, as they are another's or would tell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property

from apps.platform.accounts.services import bypass_rls
from apps.platform.core.effective import ParameterMissing
from apps.platform.core.tradetime import Span, first_of_month
from apps.platform.parameters.selectors import value_on
from apps.platform.runs.models import Run
from apps.platform.runs.selectors import version_read
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.market.codes import METERED_DEMAND
from apps.reference.market.selectors import demand_cells, demand_of_days
from apps.reference.resources.selectors import tac_codes, tac_of_resources
from apps.reliability.designations.codes import AllocationScope
from apps.reliability.designations.selectors import reading_day
from apps.settlement.settlements.rules.parameters import FEWEST_SHARERS
from apps.settlement.settlements.rules.telling import too_few

MONTHLY = ("RAAIM-ALLOC", "CPM-ALLOC")
NEVER = 10**9
Cells = Mapping[tuple[int, int], int]


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

    def __init__(self, run: Run, sc_id: int) -> None:
        self.run, self.sc_id = run, sc_id
        self.fewest = fewest_sharers()

    @cached_property
    def _day(self) -> Cells:
        version = version_read(self.run, METERED_DEMAND.name)
        with bypass_rls("how many share a sum decides whether it is told"):
            cells = demand_cells(version=version) if version else []
        return {(sc, tac): mwh for sc, tac, mwh in cells}

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
        return too_few(self._day, areas, self.sc_id, self.fewest)

    def of_charge(self, code: str, resource_id: int | None) -> bool:
        """Whether the sum that a line of another charge code is a share of is withheld."""
        if code not in MONTHLY:
            return too_few(self._day, (), self.sc_id, self.fewest)
        areas = self._areas(resource_id) if resource_id else ()
        return any(too_few(cells, areas, self.sc_id, self.fewest) for cells in self._month)

    def _areas(self, resource_id: int) -> tuple[int, ...]:
        run = self.run
        with bypass_rls("the TAC area of a resource decides who shares its cost"):
            found = tac_of_resources({resource_id}, run.trade_date, run.known_at)
            return tuple(key for key, code in tac_codes().items() if code in found.values())

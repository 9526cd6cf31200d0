"""Allocation of one resource-day of net capacity cost to SCs by load ratio share."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from apps.platform.core.rulebook import implements
from apps.platform.core.shares import split_cents

Cell = tuple[str, str]


class NoLoad(ValueError):
    """A TAC area that should bear cost has no metered demand."""

    def __init__(self, areas: list[str]) -> None:
        super().__init__(f"No metered demand in {', '.join(areas)}")
        self.areas = areas


@implements("BRQ-1230", source="BRS 1.2 section 6.4.1")
def allocate(
    net_cents: int,
    *,
    scope: str,
    tac_mw: Mapping[str, int],
    load: Mapping[Cell, int],
    step: str = "ONE_STEP",
) -> dict[Cell, int]:
    """Share net capacity cost over (SC, TAC area) cells so that the parts add up to the cent.

    net_cents: signed whole cents. scope: LOCAL or SYSTEM. tac_mw: megawatts by TAC area, whole
    numbers in one scale; ignored for SYSTEM. load: metered demand of the day by (SC, TAC area),
    whole numbers in one scale; cells without load get nothing. step: value of
    ``settlements.allocation_step``. Ties go to the lower SC, then the lower TAC area. Raises NoLoad
    where a TAC area that bears cost has no demand. Source: BRQ-1230. Interpretation: cents are
    rounded once over all cells (ONE_STEP); TAC_FIRST rounds the TAC areas' costs first.
    """
    if step == "TAC_FIRST" and scope == "LOCAL":
        return _tac_first(net_cents, tac_mw, load)
    return split_cents(net_cents, allocation_weights(scope=scope, tac_mw=tac_mw, load=load))


def allocation_weights(
    *, scope: str, tac_mw: Mapping[str, int], load: Mapping[Cell, int]
) -> dict[Cell, int]:
    """Return whole numbers in the exact proportions of the cells' shares.

    For LOCAL the share MW(tac) / ΣMW × MD(sc, tac) / MD(tac) is brought to the common denominator
    of all TAC areas, so nothing is rounded. Raises NoLoad as ``allocate`` does.
    """
    held = {cell: mwh for cell, mwh in load.items() if mwh > 0}
    if scope == "SYSTEM":
        if not held:
            raise NoLoad(["all TAC areas"])
        return held
    areas = {tac: mw for tac, mw in tac_mw.items() if mw > 0}
    demand = _by_area(held, areas)
    factor = {
        tac: mw * prod(demand[other] for other in areas if other != tac)
        for tac, mw in areas.items()
    }
    return {cell: factor[cell[1]] * mwh for cell, mwh in held.items() if cell[1] in areas}


def _by_area(load: Mapping[Cell, int], areas: Mapping[str, int]) -> dict[str, int]:
    demand = dict.fromkeys(areas, 0)
    for (_, tac), mwh in load.items():
        if tac in demand:
            demand[tac] += mwh
    empty = sorted(tac for tac, mwh in demand.items() if mwh == 0)
    if empty or not demand:
        raise NoLoad(empty or ["the contract's TAC areas"])
    return demand


def _tac_first(
    net_cents: int, tac_mw: Mapping[str, int], load: Mapping[Cell, int]
) -> dict[Cell, int]:
    areas = {tac: mw for tac, mw in tac_mw.items() if mw > 0}
    held = {cell: mwh for cell, mwh in load.items() if mwh > 0}
    _by_area(held, areas)
    parts: dict[Cell, int] = {}
    for tac, cents in split_cents(net_cents, areas).items():
        parts |= split_cents(cents, {c: mwh for c, mwh in held.items() if c[1] == tac})
    return parts

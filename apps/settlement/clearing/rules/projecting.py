"""What a contract without history will cost an SC a day."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from apps.platform.core.rulebook import implements


@implements("BRQ-1402", source="settlement rule book 12.3")
def daily_shares(
    cost: Fraction, *, scope: str, tac_mw: Mapping[str, int], load: Mapping[tuple[str, str], int]
) -> dict[str, Fraction]:
    """Return each SC's share of a contract's daily cost in exact dollars.

    cost: capacity times price. load: MWh by SC and TAC area in any common scale. LOCAL: by the
    load of each TAC area, areas by contract capacity; SYSTEM: by all load. Empty without load.
    """
    found: dict[str, Fraction] = {}
    if scope != "LOCAL":
        whole = sum(load.values())
        for (sc, _), mwh in load.items() if whole else ():
            found[sc] = found.get(sc, Fraction(0)) + cost * Fraction(mwh, whole)
        return found
    capacity = sum(tac_mw.values())
    for tac, mw in tac_mw.items():
        here = {sc: mwh for (sc, area), mwh in load.items() if area == tac}
        whole = sum(here.values())
        for sc, mwh in here.items() if whole and capacity else ():
            share = cost * Fraction(mw, capacity) * Fraction(mwh, whole)
            found[sc] = found.get(sc, Fraction(0)) + share
    return found

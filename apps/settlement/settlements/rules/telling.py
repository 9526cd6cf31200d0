"""What a reader of a shared amount may be told of the others in it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

from apps.platform.core.rulebook import implements

Sc = TypeVar("Sc", bound=Hashable)
Area = TypeVar("Area", bound=Hashable)


@dataclass(frozen=True)
class Telling:
    """What a reader may know: the owner's ``terms``, and sums that ``fewest`` SCs or more share.

    terms: price, capacity, costs and market revenue behind a contract's net cost.
    """

    terms: bool = True
    fewest: int = 1


EVERYTHING = Telling()
"""The ISO's people."""


@implements("BRQ-1230", source="ADR 0029 (choice of the site)")
def too_few(
    cells: Mapping[tuple[Sc, Area], int], areas: Collection[Area], reader: Sc, fewest: int
) -> bool:
    """Whether the sum of demand over some TAC areas (none: all) would tell a reader another's.

    cells: demand by (SC, TAC area). A sum is withheld that fewer than ``fewest`` SCs share. One
    over several TAC areas is withheld too where what is left of it has fewer SCs, after the reader
    has taken off the sums it is told: of the areas with demand of its own that enough SCs share.
    """
    sharing: dict[Area, set[Sc]] = {}
    for (sc, tac), mwh in cells.items():
        if mwh > 0 and (not areas or tac in areas):
            sharing.setdefault(tac, set()).add(sc)
    everybody = set[Sc]().union(*sharing.values())
    unknown = (scs for scs in sharing.values() if reader not in scs or len(scs) < fewest)
    left = set[Sc]().union(*unknown)
    return len(everybody) < fewest or 0 < len(left) < fewest


def least_above(value: Fraction, times: Fraction, places: int) -> str:
    """Return the shortest decimal not below a value that still gives the same whole cents.

    value: not negative. times: what a reader multiplies it with to get cents, of which the whole
    ones count. places: as many decimals at least.
    """
    wanted = floor(value * times)
    while True:
        steps = ceil(value * 10**places)
        if floor(Fraction(steps, 10**places) * times) == wanted:
            digits = f"{steps:0{places + 1}d}"
            return f"{digits[:-places]}.{digits[-places:]}"
        places += 1

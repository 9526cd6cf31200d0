"""Divide an amount of whole cents so that the parts always add up to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K", bound=tuple[str, ...] | str)


class NothingToShareBy(ValueError):
    """All weights are zero, so no share can be formed."""


def split_cents(
    total_cents: int, weights: Mapping[K, int], *, larger_first: bool = False
) -> dict[K, int]:
    """Split whole cents pro rata to weights by largest remainder; no cent is lost or made.

    weights: whole numbers >= 0 in any common scale, not all zero. Every key gets the floor of its
    exact share of the absolute total; the cents left over go one each to the largest remainders,
    ties to the lower key, or with ``larger_first`` to the larger weight before the lower key. The
    sign of the total is put back last, so a reversal mirrors its original to the cent. Raises
    NothingToShareBy where all weights are zero, ValueError for a negative one. Source: settlement
    rule book sections 1.4 and 13.
    """
    whole = sum(weights.values())
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("weights must not be negative")
    if whole == 0:
        raise NothingToShareBy("all weights are zero")
    size, sign = abs(total_cents), -1 if total_cents < 0 else 1
    parts: dict[K, int] = {}
    remainders: list[tuple[int, int, K]] = []
    for key, weight in weights.items():
        part, rest = divmod(size * weight, whole)
        parts[key] = part
        remainders.append((-rest, -weight if larger_first else 0, key))
    left = size - sum(parts.values())
    if left:
        remainders.sort()
        for _, _, key in remainders[:left]:
            parts[key] += 1
    return {key: sign * part for key, part in parts.items()}

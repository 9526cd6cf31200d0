"""Divide an amount of whole cents so that the parts always add up to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K", bound=tuple[str, ...] | str | int)


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
    parts = {key: size * weight // whole for key, weight in weights.items()}
    left = size - sum(parts.values())
    if left:
        for key in _in_turn(size, weights, whole, larger_first=larger_first)[:left]:
            parts[key] += 1
    return {key: sign * part for key, part in parts.items()}


def _in_turn(size: int, weights: Mapping[K, int], whole: int, *, larger_first: bool) -> list[K]:
    """Return the keys in the order in which they are given a cent that floors left over."""
    return sorted(
        weights,
        key=lambda k: (-(size * weights[k] % whole), -weights[k] if larger_first else 0, k),
    )


def turn_of(total_cents: int, weights: Mapping[K, int], key: K) -> tuple[int, int]:
    """Return (rank, left): a key's turn for the cents that floors leave over, and how many are.

    With them the part of ``split_cents`` can be worked out from the key's own numbers: it gets one
    of the cents left where its rank is at most ``left``.
    """
    whole, size = sum(weights.values()), abs(total_cents)
    left = size - sum(size * weight // whole for weight in weights.values())
    return _in_turn(size, weights, whole, larger_first=False).index(key) + 1, left

"""Dollars inside the chain, and the lines that come out of it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.core.quantity import half_up

TICKS = 12 * 10**18
"""Whole ticks of a dollar inside the chain: a twelfth of 10^-18, so that a 5-minute part of an
hourly amount times an eight-decimal factor is exact in 128 bits."""
PER_COST = TICKS // 10**6
"""Ticks of a stored step of $0.000001."""
PER_ENERGY = TICKS // 10**10
"""Ticks of one stored step of energy (0.0001 MWh) times one of price ($0.000001/MWh)."""
PER_CENT = TICKS // 100
PORTS_OF_MARKETS = {"IFM": "ifm", "RUCRTM": "rucrtm"}
"""The port of the chain that holds each market's costs and revenues."""

LINE = {
    "charge_code": pl.String,
    "sc_id": pl.Int64,
    "resource_id": pl.Int64,
    "tac_area_id": pl.Int64,
    "contract_no": pl.String,
    "part": pl.Int64,
    "whole": pl.Int64,
    "amount": pl.Int64,
}
"""A settlement line: ``amount`` in cents, statement sign; ``part`` of ``whole`` MWh (in stored
steps) for an allocation."""


def ticks(expression: pl.Expr, factor: int) -> pl.Expr:
    """Return a column of stored steps as ticks in 128 bits."""
    return expression.cast(pl.Int128) * pl.lit(factor, dtype=pl.Int128)


def exact(count: int) -> Fraction:
    """Return ticks as exact dollars."""
    return Fraction(int(count), TICKS)


def to_cents(count: int) -> int:
    """Round ticks to whole cents, halves away from zero: the settlement rounding."""
    return half_up(int(count), PER_CENT)


def to_cost(count: int | Fraction) -> int:
    """Write exact dollars (a Fraction) or ticks as stored steps of $0.000001, for people."""
    value = count if isinstance(count, Fraction) else exact(count)
    return half_up((value * 10**6).numerator, (value * 10**6).denominator)


def line_frame(rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    """Return lines as a frame from tuples in the order of ``LINE``."""
    return pl.DataFrame(list(rows), schema=LINE, orient="row")


def owner_lines(code: str, amounts: Iterable[tuple[int, int]], owners: dict[int, int]) -> Any:
    """Return the lines of resources' SCs: (resource, cents); zero amounts of no cause are left out.

    A resource without an SC of the day has no line; the caller's invariant sees it.
    """
    return line_frame(
        (code, owners[resource], resource, None, "", None, None, cents)
        for resource, cents in amounts
        if resource in owners
    )

"""The metered-energy adjustment factor: how much of the energy sold was delivered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from apps.platform.kernel.calculator import Calculator, Document, Port
from apps.platform.kernel.quantity import common_scale, half_up
from apps.platform.kernel.rulebook import implements

FACTOR = 10**8
"""A factor is kept with eight decimals, rounded half up once (decision G30)."""


@implements("BRQ-1255", source="settlement rule book 6.3")
def energy_factor(
    *,
    sold: int,
    minimum: int,
    metered: int,
    regulation: int,
    tolerance: int,
    performance: int,
    scheduled: bool = True,
) -> tuple[Fraction, int]:
    """Return the exact factor between 0 and 1 and the step of the rule that decided it.

    All in one unit of energy as whole numbers. sold: the lesser of expected and scheduled energy in
    the day-ahead market, expected energy in real time. minimum: minimum-load energy. scheduled:
    whether there was a schedule above zero. Steps as in settlement rule book 6.3; the mirror rules
    of pumping are not part of it.
    """
    delivered = metered - regulation
    if sold >= minimum and sold > 0:
        if delivered < minimum - tolerance or delivered <= 0:
            return Fraction(0), 2
        if abs(delivered - sold) <= performance:
            return Fraction(1), 3
        if sold == minimum:
            return Fraction(1), 4
        share = Fraction(delivered - minimum, sold - minimum)
        return min(Fraction(1), max(Fraction(0), share)), 5
    if 0 < sold < minimum:
        return Fraction(1), 6
    return Fraction(int(scheduled and metered <= 0)), 7


def energy_factors() -> pl.Expr:
    """Return the same rule over whole columns, as eight-decimal whole numbers.

    Columns ``sold``, ``minimum``, ``metered``, ``regulation``, ``tolerance``, ``performance`` in
    one unit of energy; ``scheduled`` says whether there was a schedule above zero.
    """
    sold, minimum, metered = pl.col("sold"), pl.col("minimum"), pl.col("metered")
    delivered = metered - pl.col("regulation")
    missed = (delivered < minimum - pl.col("tolerance")) | (delivered <= 0)
    close = (delivered - sold).abs() <= pl.col("performance")
    gap = sold - minimum
    clipped = pl.min_horizontal(pl.max_horizontal(delivered - minimum, pl.lit(0)), gap)
    wide, whole = clipped.cast(pl.Int128), gap.cast(pl.Int128)  # a large unit would wrap around
    share = (
        pl.when(gap > 0).then((wide * (2 * FACTOR) + whole) // (2 * whole)).otherwise(FACTOR)
    ).cast(pl.Int64)
    within = (
        pl.when(missed)
        .then(pl.lit(0))
        .when(close | (gap == 0))
        .then(pl.lit(FACTOR))
        .otherwise(share)
    )
    resting = (pl.col("scheduled") & (metered <= 0)).cast(pl.Int64) * FACTOR
    return (
        pl.when((sold >= minimum) & (sold > 0))
        .then(within)
        .when((sold > 0) & (sold < minimum))
        .then(pl.lit(FACTOR))
        .otherwise(resting)
    )


FIELDS = (
    "expected_mwh",
    "da_schedule_mwh",
    "min_load_mwh",
    "metered_mwh",
    "regulation_mwh",
    "tolerance_mwh",
    "performance_mwh",
)


def meaf(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the factor of one settlement interval (see ``energy_factor``)."""
    document = Document.open(body, known=FIELDS)
    bands = ("tolerance_mwh", "performance_mwh", "min_load_mwh")
    given = [
        document.number(document.get(f), f, minimum=Decimal(0) if f in bands else None)
        for f in FIELDS
    ]
    document.close()
    expected, scheduled, minimum, metered, regulation, tolerance, performance = common_scale(given)
    factor, step = energy_factor(
        sold=min(expected, scheduled),
        minimum=minimum,
        metered=metered,
        regulation=regulation,
        tolerance=tolerance,
        performance=performance,
        scheduled=scheduled > 0,
    )
    rounded = half_up(factor.numerator * 10**6, factor.denominator)
    return {"meaf": str(Decimal(rounded).scaleb(-6)), "step": step}


MEAF = Calculator(
    name="meaf",
    title="Metered-energy adjustment factor",
    meaning="How much of a settlement interval's day-ahead energy was delivered, from 0 to 1.",
    inputs=(
        Port("expected_mwh", "decimal string", "MWh", "Expected energy."),
        Port("da_schedule_mwh", "decimal string", "MWh", "Day-ahead schedule."),
        Port("min_load_mwh", "decimal string", "MWh", "Day-ahead minimum-load energy."),
        Port("metered_mwh", "decimal string", "MWh", "Metered energy."),
        Port("regulation_mwh", "decimal string", "MWh", "Regulation energy."),
        Port("tolerance_mwh", "decimal string", "MWh", "Tolerance band."),
        Port("performance_mwh", "decimal string", "MWh", "Performance-metric band."),
    ),
    outputs=(
        Port("meaf", "decimal string", "", "The factor at six decimals."),
        Port("step", "whole number", "", "The step of the rule that decided it, 2 to 7."),
    ),
    example={
        "expected_mwh": "100",
        "da_schedule_mwh": "100",
        "min_load_mwh": "20",
        "metered_mwh": "80",
        "regulation_mwh": "0",
        "tolerance_mwh": "5",
        "performance_mwh": "5",
    },
    compute=meaf,
    requirements=("BRQ-1255",),
)

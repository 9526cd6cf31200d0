"""The metered-energy adjustment factor: how much of the energy sold was delivered."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import polars as pl

from apps.platform.core.calculator import (
    Amount,
    Calculator,
    Inputs,
    NotNegative,
    Outputs,
    Whole,
    field,
)
from apps.platform.core.quantity import common_scale, half_up
from apps.platform.core.rulebook import implements

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


class MeafInputs(Inputs):
    """The energy of one settlement interval."""

    expected_mwh: Amount = field("Expected energy.", unit="MWh")
    da_schedule_mwh: Amount = field("Day-ahead schedule.", unit="MWh")
    min_load_mwh: NotNegative = field("Day-ahead minimum-load energy.", unit="MWh")
    metered_mwh: Amount = field("Metered energy.", unit="MWh")
    regulation_mwh: Amount = field("Regulation energy.", unit="MWh")
    tolerance_mwh: NotNegative = field("Tolerance band.", unit="MWh")
    performance_mwh: NotNegative = field("Performance-metric band.", unit="MWh")


class MeafOutputs(Outputs):
    """The factor and what decided it."""

    meaf: Amount = field("The factor at six decimals.")
    step: Annotated[int, Whole(2, 7)] = field("The step of the rule that decided it, 2 to 7.")


def meaf(given: MeafInputs) -> dict[str, Any]:
    """Return the factor of one settlement interval (see ``energy_factor``)."""
    expected, scheduled, minimum, metered, regulation, tolerance, performance = common_scale(
        [
            given.expected_mwh,
            given.da_schedule_mwh,
            given.min_load_mwh,
            given.metered_mwh,
            given.regulation_mwh,
            given.tolerance_mwh,
            given.performance_mwh,
        ]
    )
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
    inputs=MeafInputs,
    outputs=MeafOutputs,
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

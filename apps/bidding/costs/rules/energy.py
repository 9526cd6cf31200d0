"""Default energy bids: a step curve from heat-rate or average-cost points."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from apps.platform.core.quantity import (
    BTU_PER_KWH,
    MW,
    TONNE_PER_MMBTU,
    USD_PER_MMBTU,
    USD_PER_MWH,
    USD_PER_TONNE,
    half_up,
)
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation

MOST_SEGMENTS = 10
LARGEST = 1_000_000  # MW, Btu/kWh and $/MWh beyond it are typing errors
# heat input of a point is MW × Btu/kWh in stored steps; a price of heat is $/MMBtu in steps that
# hold fuel price plus emission rate times allowance price exactly
FINE = TONNE_PER_MMBTU.scale * USD_PER_TONNE.scale
HEAT = BTU_PER_KWH.scale * 1000 * FINE // USD_PER_MWH.scale


class Point(NamedTuple):
    """A point of a curve in stored steps; a rate or a cost may be missing."""

    mw: int
    heat_rate: int | None
    cost: int | None


class PricedStep(NamedTuple):
    """A step with its exact parts: price = total / over, raised to best / best_over.

    ``heat`` over the width is the heat rate, ``fuel`` and ``ghg`` over width times HEAT are $/MWh.
    """

    low: Point
    high: Point
    heat: int | None
    fuel: int
    ghg: int
    total: int
    over: int
    adjusted: bool
    best: int
    best_over: int


class Segment(NamedTuple):
    """One step of a default energy bid: MW, Btu/kWh and $/MWh in stored steps.

    ``before`` is the price before it was raised to the segment on its left; ``published`` has cents
    only.
    """

    from_mw: int
    to_mw: int
    heat_rate: int | None
    fuel: int
    ghg: int
    before: int
    deb: int
    published: int
    adjusted: bool


@dataclass(frozen=True)
class CurvePrice:
    """What prices one curve, in stored steps: $/MMBtu, mtCO2e/MMBtu, $/mtCO2e, $/MWh.

    ``fuel`` None: the points carry average cost. ``scalar`` in hundredths of a percent.
    """

    fuel: int | None
    emission: int = 0
    allowance: int = 0
    gmc: int = 0
    vom: int = 0
    oc: int = 0
    scalar: int = 10_000


def check_points(points: Sequence[Point], *, with_fuel: bool) -> list[Violation]:
    """Return what stands against a curve: order, doubles, number of points, missing values."""
    found = []
    for left, right in itertools.pairwise(points):
        if right.mw == left.mw:
            found.append(_about("RMR-E-0065A", "The same MW stands twice", right.mw))
        elif right.mw < left.mw:
            found.append(_about("RMR-E-0065C", "MW must rise from point to point", right.mw))
    if not 1 <= len(points) <= MOST_SEGMENTS + 1:
        found.append(
            Violation(
                "RMR-E-0065B",
                f"A curve has 1 to {MOST_SEGMENTS + 1} points, this one {len(points)}.",
                column="points",
            )
        )
    return found + _check_numbers(points, with_fuel=with_fuel)


def _check_numbers(points: Sequence[Point], *, with_fuel: bool) -> list[Violation]:
    found = []
    if len(points) == 1 and points[0].mw == 0:
        found.append(_about("RMR-E-0065D", "The only point of a curve is above 0 MW", 0))
    for point in points:
        value = point.heat_rate if with_fuel else point.cost
        if value is None:
            what = "heat rate" if with_fuel else "average cost"
            found.append(_about("RMR-E-0065F", f"The {what} is missing", point.mw))
        elif _beyond(point, value, with_fuel=with_fuel):
            found.append(_about("RMR-E-0065D", "A number is below 0 or above 1,000,000", point.mw))
    without = [p for p in points if p.heat_rate is None]
    if not with_fuel and 0 < len(without) < len(points):  # allowances would fall away unnoticed
        found += [
            _about(
                "RMR-E-0065F", "Give the heat rate at every point or at none; it is missing", p.mw
            )
            for p in without
        ]
    return found


def _beyond(point: Point, value: int, *, with_fuel: bool) -> bool:
    scale = BTU_PER_KWH.scale if with_fuel else USD_PER_MWH.scale
    heat = point.heat_rate or 0
    return (
        not 0 <= point.mw <= LARGEST * MW.scale
        or not 0 <= heat <= LARGEST * BTU_PER_KWH.scale
        or (with_fuel and value < 0)
        or abs(value) > LARGEST * scale
    )


def _about(code: str, message: str, mw: int) -> Violation:
    return Violation(code, f"{message} ({MW.text(MW.from_scaled(mw))} MW).", column="points")


@implements("BRQ-0065", "BRQ-0066", source="BRS 1.2 section 6.1.2")
def energy_bid(points: Sequence[Point], price: CurvePrice) -> list[Segment]:
    """Return the step curve of checked points; prices never fall from left to right.

    Exact in whole numbers: each price is one fraction, rounded half up to six decimals and, from
    the same fraction, to cents. A curve of one point is one step from 0 MW (*Interpretation*).
    """
    done: list[Segment] = []
    for step in _priced(points, price):
        width = step.high.mw - step.low.mw
        whole = width * HEAT
        before = half_up(step.total, step.over)
        if step.adjusted:  # raised to the segment before, and so to its two roundings
            deb, published = done[-1].deb, done[-1].published
        else:
            deb, published = before, half_up(step.total, step.over * 10_000) * 10_000
        done.append(
            Segment(
                step.low.mw,
                step.high.mw,
                None if step.heat is None else half_up(step.heat, width),
                half_up(step.fuel, whole),
                half_up(step.ghg, whole),
                before,
                deb,
                published,
                step.adjusted,
            )
        )
    return done


def exact_prices(points: Sequence[Point], price: CurvePrice) -> list[Fraction]:
    """Return the price of each step of checked points, adjusted and not rounded, $/MWh."""
    return [
        Fraction(step.best, step.best_over) / USD_PER_MWH.scale for step in _priced(points, price)
    ]


def _priced(points: Sequence[Point], price: CurvePrice) -> Iterator[PricedStep]:
    """Yield every step of a curve with its exact parts, from left to right."""
    pairs = list(itertools.pairwise(points))
    if not pairs:
        pairs = [(Point(0, points[0].heat_rate, points[0].cost), points[0])]
    heated = all(p.heat_rate is not None for p in points)
    fuel_price = (price.fuel or 0) * (FINE // USD_PER_MMBTU.scale)
    ghg_price = price.emission * price.allowance
    flat = price.gmc + price.vom + price.oc
    best, best_over = 0, 0
    for low, high in pairs:
        width = high.mw - low.mw
        heat = _rise(low.mw, low.heat_rate, high.mw, high.heat_rate) if heated else 0
        if price.fuel is None:
            fuel = _rise(low.mw, low.cost, high.mw, high.cost) * HEAT
        else:
            fuel = heat * fuel_price
        ghg = heat * ghg_price
        # denominators of fuel, ghg and the sum, in steps of $/MWh: width times HEAT
        total = (fuel + ghg + flat * width * HEAT) * price.scalar
        over = width * HEAT * 10_000
        adjusted = best_over > 0 and total * best_over < best * over
        if not adjusted:
            best, best_over = total, over
        yield PricedStep(
            low, high, heat if heated else None, fuel, ghg, total, over, adjusted, best, best_over
        )


def _rise(low_mw: int, low: int | None, high_mw: int, high: int | None) -> int:
    return (high or 0) * high_mw - (low or 0) * low_mw


@implements("BRQ-0064", "BRQ-0091", source="BRS 1.2 section 6.1.2")
def energy_threshold(
    segments: Sequence[Segment], price: CurvePrice, *, volatility: Fraction, headroom: Fraction
) -> Fraction:
    """Return the reasonableness threshold of the last of a curve's first segments, exact $/MWh.

    segments: from the first one to the one that is asked for. The fuel part is taken at the
    region's volatility scalar, the segment is raised to those before it as its bid is, then all is
    taken at the headroom (110 %); no 10 % adder enters for RMR resources.
    """
    scale = USD_PER_MWH.scale
    flat = price.gmc + price.vom + price.oc
    highest = max(
        Fraction(s.fuel, scale) * volatility + Fraction(s.ghg + flat, scale) for s in segments
    )
    return headroom * highest * Fraction(price.scalar, 10_000)


@implements("BRQ-0065", "BRQ-0066", source="BRS 1.2 section 6.1.2")
def up_to(segments: Sequence[Segment], pmax: int) -> list[Segment]:
    """Return the segments of a bid up to a Pmax in stored steps of MW; prices stay as they are.

    *Interpretation*: a segment over Pmax ends there, one that begins there or above is left out.
    """
    return [s if s.to_mw <= pmax else s._replace(to_mw=pmax) for s in segments if s.from_mw < pmax]

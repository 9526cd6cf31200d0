"""Points of average heat rate from the heat-rate files that others publish.

Numbers of a file in millionths; points come back as MW and Btu/kWh in stored steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apps.platform.core.quantity import BTU_PER_KWH, MODEL, MW, half_up

MOST_RATE = 20 * MODEL.scale  # MMBtu/MWh; above it a year's average says nothing of a unit
PER_MMBTU = 1000  # Btu/kWh in a MMBtu/MWh
Row = Mapping[str, Any]
Points = list[tuple[int, int]]


def index_of(hub: str) -> str:
    """Return a pricing hub as an index name: ``PG&E Citygate`` becomes ``PGE_CITYGATE``."""
    return "_".join(hub.replace("&", "").split()).upper()


def index_of_zone(zone: str) -> str:
    """Return the fuel index of a zone such as ``PGE_bay``: PG&E's citygate, else SoCal's."""
    return "PGE_CITYGATE" if "PGE" in zone.upper() else "SOCAL_CITYGATE"


def _point(mw: int, heat: int) -> tuple[int, int]:
    """Return a point of (MW, average Btu/kWh), each rounded half up to its stored step.

    heat: input in 10^-12 MMBtu, so that MW times rate needs no rounding before.
    """
    rate = half_up(heat * PER_MMBTU * BTU_PER_KWH.scale, mw * MODEL.scale)
    return half_up(mw * MW.scale, MODEL.scale), rate


def _curve(steps: Iterable[tuple[int, int]], mw: int, heat: int) -> Points:
    """Add steps of (MW, MMBtu/MWh) to a first point of heat input; average at each point."""
    points = []
    if mw > 0:
        points.append(_point(mw, heat))
    elif heat == 0:
        points.append((0, 0))
    for width, rate in steps:
        if width <= 0:
            continue
        mw, heat = mw + width, heat + width * rate
        points.append(_point(mw, heat))
    return points


def wecc_points(row: Row, steps: Iterable[int]) -> tuple[Points, str]:
    """Return the points of a WECC input-output curve, and a remark.

    Input at a MW is the least input plus each block's width times its incremental heat rate.
    """
    blocks = [(row[f"width_{n}"] or 0, row[f"rate_{n}"] or 0) for n in steps]
    points = _curve(blocks, max(row["min_mw"], 0), row["min_input"] * MODEL.scale)
    if row["min_mw"] < 0 or any(rate < 0 for _, rate in blocks):
        return [], "a number is below 0"
    if not points:
        return [], "no output at which the input is told"
    generic = row["generic"] not in (None, "", "NA")
    return points, "generic curve" if generic else ""


def capow_points(row: Row) -> tuple[Points, str]:
    """Return the points of a CAPOW unit, and a remark.

    *Interpretation*: seg1 holds up to the least output, seg2 and seg3 each for half of the rest.
    """
    low, high = row["min_mw"], row["max_mw"]
    rates = [row["rate_1"], row["rate_2"], row["rate_3"]]
    if None in rates or high <= 0 or not any(rates):
        return [], "no heat rate"
    half = (high - low) // 2
    steps = [(low, rates[0]), (half, rates[1]), (high - low - half, rates[2])]
    return [p for p in _curve(steps, 0, 0) if p[0] > 0], "model data"


def epa_points(row: Row) -> tuple[Points, str]:
    """Return the one point of a year's average of an EPA unit, and a remark.

    *Interpretation*: a rate of 0 or above 20 MMBtu/MWh is no heat rate of a generating unit.
    """
    load, heat, hours = row["load"] or 0, row["heat"] or 0, row["hours"] or 0
    if load <= 0 or heat <= 0 or hours <= 0:
        return [], "no load or no heat in the year"
    rate = half_up(heat * MODEL.scale, load)
    if rate > MOST_RATE:
        return [], f"a rate of {MODEL.from_scaled(rate):.1f} MMBtu/MWh is out of bounds"
    mw = half_up(load * MODEL.scale, hours)
    if mw == 0:
        return [], "no load in the year"
    return [_point(mw, half_up(heat * mw * MODEL.scale, load))], "average of a year, gross"

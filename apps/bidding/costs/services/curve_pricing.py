"""Curves with what prices them, and the bids that follow, as rows of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from apps.bidding.costs.rules import (
    CurvePrice,
    Point,
    check_points,
    energy_bid,
    up_to,
)
from apps.bidding.costs.services.inputs import (
    PriceOfDay,
)
from apps.bidding.costs.services.remarks import Remarks
from apps.platform.core.quantity import MW, plain
from apps.platform.core.violations import Severity, Violation

CURVE_COLUMNS = {
    "unit": pl.String,
    "resource_id": pl.Int64,
    "source": pl.String,
    "config": pl.String,
    "vintage": pl.String,
    "scalar": pl.Int64,
    "gmc": pl.Int64,
    "vom": pl.Int64,
    "oc": pl.Int64,
    "fuel_index": pl.String,
    "fuel_price": pl.Int64,
    "fuel_price_date": pl.Date,
    "emission": pl.Int64,
    "allowance": pl.Int64,
    "stale": pl.Boolean,
}
SEGMENT_COLUMNS = {
    "curve": pl.UInt32,
    "segment_no": pl.Int64,
    "from_mw": pl.Int64,
    "to_mw": pl.Int64,
    "heat_rate": pl.Int64,
    "fuel": pl.Int64,
    "ghg": pl.Int64,
    "before": pl.Int64,
    "deb": pl.Int64,
    "published": pl.Int64,
    "adjusted": pl.Boolean,
}


@dataclass(frozen=True)
class Curve:
    """A curve to be priced: whose it is, what prices it, and the Pmax where its bid ends."""

    unit: str
    resource: int | None
    source: str
    config: str
    vintage: str
    index: str
    fuel: PriceOfDay | None
    price: CurvePrice
    pmax: int | None = None


def beyond_pmax(top: int, pmax: int, *, cut: bool) -> Violation:
    """Return the warning of a curve that runs past a Pmax (stored steps of MW)."""
    high, most = plain(MW.from_scaled(top)), plain(MW.from_scaled(pmax))
    said = "the bid ends at Pmax" if cut else "the bid is kept as it is"
    return Violation(
        "RMR-W-0065P",
        f"The curve runs to {high} MW and PMAX_MW is {most} MW: {said}. Correct the points "
        "(file Heat-rate and average-cost points) or PMAX_MW.",
        column="MW",
        severity=Severity.WARNING,
        value=high,
    )


@dataclass
class Bids:
    """The bids of many curves: each curve once, its segments beside it, joined at the end."""

    curves: list[tuple[Any, ...]] = field(default_factory=list)
    segments: list[tuple[Any, ...]] = field(default_factory=list)

    def price(self, curve: Curve, points: Sequence[Point], remarks: Remarks) -> None:
        """Keep a curve's bid; one that cannot be priced is a violation and no rows."""
        price, fuel = curve.price, curve.fuel
        name = f"{curve.unit} {curve.config}".strip()
        found = check_points(points, with_fuel=price.fuel is not None)
        if found:
            remarks.add(name, curve.resource, found)
            return
        steps = energy_bid(points, price)
        if curve.pmax is not None and points[-1].mw > curve.pmax:
            steps = up_to(steps, curve.pmax)
            found = [beyond_pmax(points[-1].mw, curve.pmax, cut=bool(steps))]
            if not steps:
                found = [
                    Violation(
                        "RMR-E-0065P",
                        f"The curve begins at {plain(MW.from_scaled(points[0].mw))} MW, not below "
                        f"PMAX_MW {plain(MW.from_scaled(curve.pmax))} MW. No bid is calculated.",
                    )
                ]
            remarks.add(name, curve.resource, found)
        number = len(self.curves)
        self.curves.append(
            (
                curve.unit,
                curve.resource,
                curve.source,
                curve.config,
                curve.vintage,
                price.scalar * 1_000_000,
                price.gmc,
                price.vom,
                price.oc,
                curve.index,
                price.fuel,
                fuel.day if fuel else None,
                price.emission,
                price.allowance,
                fuel.stale if fuel else False,
            )
        )
        self.segments += [(number, n, *s) for n, s in enumerate(steps, 1)]

    def frame(self) -> pl.DataFrame:
        """Return the segments as rows of the run, in the order they were priced."""
        curves = pl.DataFrame(self.curves, schema=CURVE_COLUMNS, orient="row")
        segments = pl.DataFrame(self.segments, schema=SEGMENT_COLUMNS, orient="row")
        joined = segments.join(
            curves.with_row_index("curve"), on="curve", how="left", maintain_order="left"
        )
        return joined.select(*CURVE_COLUMNS, *list(SEGMENT_COLUMNS)[1:])

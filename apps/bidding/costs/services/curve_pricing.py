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
)
from apps.bidding.costs.services.inputs import (
    PriceOfDay,
)
from apps.bidding.costs.services.remarks import Remarks

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
    """A curve to be priced: whose it is and what prices it."""

    unit: str
    resource: int | None
    source: str
    config: str
    vintage: str
    index: str
    fuel: PriceOfDay | None
    price: CurvePrice


@dataclass
class Bids:
    """The bids of many curves: each curve once, its segments beside it, joined at the end."""

    curves: list[tuple[Any, ...]] = field(default_factory=list)
    segments: list[tuple[Any, ...]] = field(default_factory=list)

    def price(self, curve: Curve, points: Sequence[Point], remarks: Remarks) -> None:
        """Keep a curve's bid; one that cannot be priced is a violation and no rows."""
        price, fuel = curve.price, curve.fuel
        found = check_points(points, with_fuel=price.fuel is not None)
        if found:
            remarks.add(f"{curve.unit} {curve.config}".strip(), curve.resource, found)
            return
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
        self.segments += [(number, n, *s) for n, s in enumerate(energy_bid(points, price), 1)]

    def frame(self) -> pl.DataFrame:
        """Return the segments as rows of the run, in the order they were priced."""
        curves = pl.DataFrame(self.curves, schema=CURVE_COLUMNS, orient="row")
        segments = pl.DataFrame(self.segments, schema=SEGMENT_COLUMNS, orient="row")
        joined = segments.join(
            curves.with_row_index("curve"), on="curve", how="left", maintain_order="left"
        )
        return joined.select(*CURVE_COLUMNS, *list(SEGMENT_COLUMNS)[1:])

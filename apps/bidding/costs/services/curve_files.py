"""Store published heat-rate files: every row is kept as a unit, with its curve where it has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from apps.bidding.costs.layouts import STEPS
from apps.bidding.costs.models import ReferencePoint, ReferenceUnit
from apps.bidding.costs.rules.published_curves import (
    Points,
    capow_points,
    epa_points,
    index_of_zone,
    wecc_points,
)
from apps.platform.audit.services import copy_rows
from apps.platform.core.quantity import MODEL, MW, half_up
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.hooks import Storing
from apps.reference.resources.selectors import resource_ids

Row = Mapping[str, Any]
UNIT_COLUMNS = {
    "line_no": pl.Int64,
    "source": pl.String,
    "unit": pl.String,
    "resource_id": pl.Int64,
    "kind": pl.String,
    "index": pl.String,
    "capacity_mw": pl.Int64,
    "vom": pl.Int64,
    "note": pl.String,
}
POINT_COLUMNS = {
    "line_no": pl.Int64,
    "source": pl.String,
    "unit": pl.String,
    "point_no": pl.Int64,
    "mw": pl.Int64,
    "heat_rate": pl.Int64,
}


def _wecc(row: Row) -> tuple[Points, str]:
    return wecc_points(row, STEPS)


READERS: dict[str, Callable[[Row], tuple[Points, str]]] = {
    "WECC": _wecc,
    "CAPOW": capow_points,
    "EPA": epa_points,
}


def _unit(source: str, row: Row) -> str:
    if source == "EPA":
        return f"{row['plant_id']}-{row['unit_id']} {row['plant']}"[:80]
    return str(row["unit"])


def _mw(model: int | None) -> int | None:
    return None if model is None or model < 0 else half_up(model * MW.scale, MODEL.scale)


def check_curves(source: str) -> Callable[[pl.DataFrame, Mapping[str, str]], list[Violation]]:
    """Return the check of a file: units without a curve are named, and kept without one."""

    def check(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
        found = []
        for row in frame.iter_rows(named=True):
            if any(row[name] is None for name in _needed(source)):
                continue
            points, note = READERS[source](row)
            if not points:
                found.append(
                    Violation(
                        "COST-CURVE",
                        f"{_unit(source, row)}: {note}; it is kept without a curve.",
                        row["line_no"],
                        severity=Severity.INFO,
                    )
                )
        return found

    return check


def _needed(source: str) -> tuple[str, ...]:
    return {"WECC": ("min_mw", "min_input"), "CAPOW": ("min_mw", "max_mw"), "EPA": ()}[source]


def store_curves(source: str) -> Callable[[Storing], None]:
    """Return what keeps the units and points of a file."""

    def store(storing: Storing) -> None:
        keys = resource_ids()
        units, points = [], []
        for row in storing.frame.iter_rows(named=True):
            curve, note = READERS[source](row)
            unit, line = _unit(source, row), row["line_no"]
            zone = row.get("zone")
            units.append(
                (
                    line,
                    source,
                    unit,
                    keys.get(unit),
                    row.get("kind"),
                    index_of_zone(zone) if zone else None,
                    _mw(row.get("max_mw")),
                    row.get("vom"),
                    note,
                )
            )
            points += [(line, source, unit, n, mw, rate) for n, (mw, rate) in enumerate(curve, 1)]
        version = pl.lit(storing.version.pk).alias("dataset_version_id")
        for model, rows, columns in (
            (ReferenceUnit, units, UNIT_COLUMNS),
            (ReferencePoint, points, POINT_COLUMNS),
        ):
            copy_rows(model, pl.DataFrame(rows, schema=columns, orient="row").with_columns(version))

    return store

"""What a file of the Master File means for default energy bids, said before it is confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from apps.bidding.costs.rules import FuelFormula, Point, formula_of
from apps.bidding.costs.services.curve_pricing import beyond_pmax
from apps.bidding.costs.services.inputs import (
    gas_indexes,
    points_by_curve,
    regions_known,
    version_of,
)
from apps.platform.core.quantity import MW, USD_PER_MWH, plain
from apps.platform.core.rulebook import implements
from apps.platform.core.tradetime import FAR_FUTURE, FAR_MOMENT
from apps.platform.core.violations import Severity, Violation
from apps.reference.masterfile.codes import CONFIGURATIONS, POINTS
from apps.reference.masterfile.selectors import (
    configurations_of,
    points_of,
    resources_on_file,
    version_known,
)
from apps.reference.resources.selectors import resource_ids

HEAT, COST = "AVG_HEAT_RATE_BTU_KWH", "AVG_COST_USD_MWH"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Fuels:
    """The fuel index of each region on a day, and which indexes are of gas."""

    regions: Mapping[str, str]
    gas: frozenset[str]

    @classmethod
    def on(cls, day: date) -> _Fuels:
        """Read them as known now."""
        return cls(regions_known(day, FAR_MOMENT), gas_indexes(day, FAR_MOMENT))

    def formula(self, fuel_type: str, region: str, points: list[Point]) -> FuelFormula:
        """Return the formula of a curve, or why there is none."""
        index = self.regions.get(region, "")
        return formula_of(fuel_type, points, index=index, gas_index=index in self.gas)


@implements("BRQ-0065", "BRQ-0066", source="BRS 1.2 section 6.1.2")
def warn_of_curves(frame: pl.DataFrame) -> list[Violation]:
    """Return what curve points lack, or hold in vain, for the fuel of the newest Master File.

    Warnings, as one resource's trouble does not keep all others out: its bid is not calculated, or
    not with that column. Nothing is said before there is a Master File.
    """
    version = version_known(FAR_FUTURE, FAR_MOMENT)
    if version is None:
        return []
    day = date.fromisoformat(version.period)
    fuels = _Fuels.on(day)
    keys = resource_ids(set(frame["resource_id"].to_list()))
    on_file = resources_on_file(version, keys.values())
    most = {
        (c.resource_id, c.config): MW.to_scaled(c.pmax_mw)
        for c in configurations_of(version_of(CONFIGURATIONS.name, FAR_MOMENT), FAR_FUTURE)
    }
    found: list[Violation] = []
    rows = sorted(frame.iter_rows(named=True), key=lambda r: (*_curve(r), r["point_no"]))
    for (code, config), listed in groupby(rows, key=_curve):
        curve = list(listed)
        resource = on_file.get(keys.get(code, 0))
        if resource is None:
            continue
        points = [Point(r["mw"], r["heat_rate"], r["cost"]) for r in curve]
        formula = fuels.formula(resource.fuel_type, resource.fuel_region, points)
        found += _of_fuel(code, resource.fuel_type, formula, curve)
        pmax = most.get((resource.resource_id, config)) if config else None
        limit = pmax if pmax is not None else MW.to_scaled(resource.pmax_mw)
        top = curve[-1]
        if top["mw"] > limit and (pmax is not None or not config):
            said = beyond_pmax(top["mw"], limit, cut=pmax is not None)
            found.append(replace(said, line=top["line_no"]))
    return found


def _curve(row: Row) -> tuple[str, str]:
    return row["resource_id"], row["config_id"] or ""


def _of_fuel(
    code: str, fuel: str, formula: FuelFormula, rows: Sequence[Row]
) -> Iterable[Violation]:
    """Yield a warning for each cell that the formula needs and lacks, or does not use."""
    if formula.by_heat is None:
        for refused in formula.violations:
            yield _warning(refused.code, f"{code}: {refused.message}", rows[0]["line_no"], "", fuel)
        return
    needed, name = ("heat_rate", HEAT) if formula.by_heat else ("cost", COST)
    heated = any(r["heat_rate"] is not None for r in rows)
    for row in rows:
        line, mw = row["line_no"], plain(MW.from_scaled(row["mw"]))
        if row[needed] is None:
            said = f"{code} is {fuel} and needs {name} at every point; it is blank at {mw} MW, so "
            yield _warning("RMR-W-0065F", said + "no bid is calculated. Fill it.", line, name, "")
        if formula.by_heat and row["cost"] is not None:
            held = plain(USD_PER_MWH.from_scaled(row["cost"]))
            said = f"{code} is {fuel}, priced by heat rates and its gas index: {COST} {held} is "
            said += "not used. Leave it blank, or correct FUEL_TYPE."
            yield _warning("RMR-W-0065C", said, line, COST, held)
        if not formula.by_heat and heated and row["heat_rate"] is None:
            said = f"{code} has {HEAT} at some points and not at {mw} MW, so no bid is calculated."
            yield _warning("RMR-W-0065F", said + " Give it at every point or at none.", line, HEAT)


def _warning(code: str, message: str, line: int, column: str, value: str = "") -> Violation:
    return Violation(code.replace("-E-", "-W-"), message, line, column, Severity.WARNING, value)


@implements("BRQ-0065", "BRQ-0066", source="BRS 1.2 section 6.1.2")
def warn_of_records(frame: pl.DataFrame, day: date) -> list[Violation]:
    """Return which resources of a Master File get no bid, as their fuel does not fit their curves.

    Warnings at FUEL_TYPE, each sentence once a resource.
    """
    curves = points_by_curve(points_of(version_of(POINTS.name, FAR_MOMENT)))
    if not curves:
        return []
    keys = resource_ids(set(frame["resource_id"].to_list()))
    by_resource: dict[int, list[list[Point]]] = {}
    for (key, _), rows in curves.items():
        by_resource.setdefault(key, []).append([Point(*row[2:]) for row in rows])
    fuels = _Fuels.on(day)
    found: list[Violation] = []
    for row in frame.iter_rows(named=True):
        fuel, said = row["fuel_type"] or "", {}
        for points in by_resource.get(keys.get(row["resource_id"], 0), []):
            for remark in fuels.formula(fuel, row["fuel_region"] or "", points).violations:
                said[remark.code] = _warning(
                    remark.code,
                    f"{row['resource_id']}: {remark.message}",
                    row["line_no"],
                    "FUEL_TYPE",
                    fuel,
                )
        found += said.values()
    return found

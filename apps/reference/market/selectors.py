"""Reads of demand, load and prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import CharField, Exists, QuerySet, Value

from apps.platform.accounts.rules import Viewer
from apps.platform.audit.selectors import copied
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.ui.fields import QuantityField, stored
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import current_frame, in_force, versions_known_at
from apps.reference.market.codes import (
    COMMITMENTS,
    DISPATCH_SHARES,
    ENERGY_PRICES,
    HOLIDAYS,
    METERED_DEMAND,
    RESOURCE_HOURS,
    RESOURCE_INTERVALS,
    RESOURCE_QUARTERS,
    TAC_LOAD,
)
from apps.reference.market.models import (
    Commitment,
    DispatchShare,
    EnergyPrice,
    Holiday,
    MeteredDemand,
    ResourceHour,
    ResourceInterval,
    ResourceQuarter,
    ResourceRow,
    TacLoad,
)
from apps.reference.resources.codes import EVER
from apps.reference.resources.selectors import own_days


def metered_demand(*, viewer: Viewer) -> QuerySet[MeteredDemand]:
    """Return metered demand rows: all for the ISO, its own for an SC."""
    rows = MeteredDemand.objects.annotate(in_force=in_force())
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def dispatch_shares(*, viewer: Viewer) -> QuerySet[DispatchShare]:
    """Return what exceptional dispatch is shared by: all for the ISO, its own for an SC."""
    rows = DispatchShare.objects.annotate(in_force=in_force())
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def shares_of(
    version: DatasetVersion | None, sc_id: int | None = None
) -> list[tuple[int, str, int | None, int, int]]:
    """Return (row in the file, basis, resource, SC, quantity in stored steps) of a version.

    sc_id: those of one SC alone.
    """
    if version is None:
        return []
    rows = DispatchShare.objects.filter(dataset_version=version)
    rows = rows.filter(sc_id=sc_id) if sc_id is not None else rows
    told = rows.annotate(steps=stored("quantity")).order_by("line_no")
    return list(told.values_list("line_no", "basis", "resource_id", "sc_id", "steps"))


def current_shares(period: str) -> pl.DataFrame | None:
    """Return the current shares of a day under the upload's field names, or None."""
    return current_frame(
        DispatchShare,
        dataset=DISPATCH_SHARES.name,
        period=period,
        columns={
            "trade_date": "trade_date",
            "basis": "basis",
            "resource_id": "resource__code",
            "sc_id": "sc__code",
            "quantity": stored("quantity"),
        },
    )


def tac_load(*, viewer: Viewer) -> QuerySet[TacLoad]:
    """Return published load, which is public."""
    return TacLoad.objects.annotate(in_force=in_force())


def energy_prices(*, viewer: Viewer) -> QuerySet[EnergyPrice]:
    """Return published prices, which are public."""
    return EnergyPrice.objects.annotate(in_force=in_force())


def demand_cells(*, version: DatasetVersion) -> list[tuple[int, int, int]]:
    """Return (SC, TAC area, scaled MWh of the day) cells of one version, summed in the database.

    The sum is over whole numbers, so it is exact and does not depend on the order of rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"select sc_id, tac_area_id, sum(mwh)::bigint from {MeteredDemand._meta.db_table} "
            "where dataset_version_id = %s group by 1, 2 order by 1, 2",
            [version.pk],
        )
        return [(int(sc), int(tac), int(mwh)) for sc, tac, mwh in cursor.fetchall()]


def demand_rows(
    *, version: DatasetVersion, sc_id: int, tac_area_ids: Iterable[int]
) -> QuerySet[MeteredDemand]:
    """Return the rows of one SC in some TAC areas, or (none given) in all, for an explanation."""
    rows = MeteredDemand.objects.filter(dataset_version=version, sc_id=sc_id)
    areas = list(tac_area_ids)
    rows = rows.filter(tac_area_id__in=areas) if areas else rows
    return rows.order_by("tac_area_id", "hour_ending")


def load_by_hour(trade_date: date, known_at: datetime) -> dict[str, list[float | None]]:
    """Return the day's load by TAC area and hour, for a chart (binary numbers are fine there)."""
    versions = versions_known_at(TAC_LOAD.name, known_at, days=[trade_date])
    found: dict[str, list[float | None]] = {}
    rows = TacLoad.objects.filter(dataset_version__in=versions, trade_date=trade_date)
    for area, hour, mw in rows.values_list("tac_area", "hour_ending", "mw"):
        found.setdefault(area, [None] * 25)[hour - 1] = float(mw)
    return found


def current_demand(period: str) -> pl.DataFrame | None:
    """Return the current metered demand of a day under the upload's field names, or None."""
    return current_frame(
        MeteredDemand,
        dataset=METERED_DEMAND.name,
        period=period,
        columns={
            "sc_id": "sc__code",
            "tac_area": "tac_area__code",
            "trade_date": "trade_date",
            "hour_ending": "hour_ending",
            "mwh": stored("mwh"),
        },
    )


def current_load(period: str) -> pl.DataFrame | None:
    """Return the current TAC area load of a day under the upload's field names, or None."""
    return current_frame(
        TacLoad,
        dataset=TAC_LOAD.name,
        period=period,
        columns={
            "tac_area": "tac_area",
            "interval_start": "interval_start",
            "market_run_id": Value("ACTUAL", CharField()),
            "trade_date": "trade_date",
            "mw": stored("mw"),
        },
    )


def current_prices(period: str) -> pl.DataFrame | None:
    """Return the current prices of a day under the upload's field names, or None."""
    return current_frame(
        EnergyPrice,
        dataset=ENERGY_PRICES.name,
        period=period,
        columns={
            "node": "node",
            "interval_start": "interval_start",
            "trade_date": "trade_date",
            "market_run_id": "market_run_id",
            "opr_dt": "trade_date",
            "opr_hr": "opr_hr",
            "opr_interval": "opr_interval",
            "lmp_type": "lmp_type",
            "price": stored("price"),
        },
    )


def holidays_known(known_at: datetime) -> frozenset[date]:
    """Return the holidays on file as known at a moment."""
    kept = versions_known_at(HOLIDAYS.name, known_at, period=EVER)
    return frozenset(Holiday.objects.filter(dataset_version__in=kept).values_list("day", flat=True))


def holidays(*, viewer: Viewer) -> QuerySet[Holiday]:
    """Return the calendar of holidays in its newest version."""
    kept = versions_known_at(HOLIDAYS.name, FAR_MOMENT, period=EVER)
    return Holiday.objects.filter(dataset_version__in=kept)


RESULT_MODELS: dict[str, type[ResourceRow]] = {
    COMMITMENTS.name: Commitment,
    RESOURCE_HOURS.name: ResourceHour,
    RESOURCE_QUARTERS.name: ResourceQuarter,
    RESOURCE_INTERVALS.name: ResourceInterval,
}
"""Where the rows of each dataset of market results are."""


def result_rows(model: type[ResourceRow], *, viewer: Viewer) -> QuerySet[Any]:
    """Return market results of a kind: all for the ISO, those of its own days for an SC."""
    rows: QuerySet[Any] = model._default_manager.annotate(in_force=in_force())
    if viewer.is_iso:
        return rows
    own = own_days(viewer, "trade_date")
    return rows.filter(Exists(own)) if viewer.is_sc else rows.none()


def result_frame(
    dataset: str, version: DatasetVersion | None, resources: set[int] | None = None
) -> pl.DataFrame:
    """Return the rows of a version in stored steps, sorted by resource and row in the file.

    resources: these alone; an empty set gives no row.
    """
    if version is None:
        schema = _result_schema(RESULT_MODELS[dataset])
        return pl.DataFrame(schema=schema).drop("dataset_version_id")
    return result_frames(dataset, [version], resources)[version.pk]


def result_frames(
    dataset: str, versions: Sequence[DatasetVersion], resources: set[int] | None = None
) -> dict[int, pl.DataFrame]:
    """Return ``result_frame`` of each of some versions, by their keys, in one query."""
    model = RESULT_MODELS[dataset]
    schema = _result_schema(model)
    empty = pl.DataFrame(schema=schema).drop("dataset_version_id")
    found = {v.pk: empty for v in versions}
    if not versions or resources == set():
        return found
    where = f"dataset_version_id in ({_keys(found)})"
    if resources is not None:
        where += f" and resource_id in ({_keys(resources)})"
    rows = copied(f"select {', '.join(schema)} from {model._meta.db_table} where {where}", schema)
    split = rows.sort("resource_id", "line_no").partition_by(
        "dataset_version_id", as_dict=True, include_key=False, maintain_order=True
    )
    return found | {int(key[0]): part for key, part in split.items()}


def _keys(of: Iterable[int]) -> str:
    return ", ".join(str(int(key)) for key in sorted(of))


def _result_schema(model: type[ResourceRow]) -> dict[str, Any]:
    names = [f.column for f in model._meta.concrete_fields if f.column]
    return {n: _type(model, n) for n in names if n not in ("trade_date", "source")}


def resources_with_results(day: date, known_at: datetime) -> set[int]:
    """Return the resources that have market results of a day as known at a moment."""
    found: set[int] = set()
    for dataset, model in RESULT_MODELS.items():
        kept = versions_known_at(dataset, known_at, days=[day])
        if kept:
            rows = model._default_manager.filter(dataset_version__in=kept)
            found |= set(rows.values_list("resource_id", flat=True).distinct())
    return found


def _type(model: type[ResourceRow], column: str) -> Any:
    field = next(f for f in model._meta.concrete_fields if f.column == column)
    text = field.get_internal_type() == "CharField"
    return pl.String if text else pl.Int64


def current_results(dataset: str) -> Callable[[str], pl.DataFrame | None]:
    """Return how the current rows of a day are read under the upload's field names."""
    model = RESULT_MODELS[dataset]

    def read(period: str) -> pl.DataFrame | None:
        kept = ("dataset_version_id", "resource_id", "line_no")
        columns: dict[str, Any] = {"resource_id": "resource__code"}
        for field in model._meta.concrete_fields:
            if field.column and field.column not in kept:
                is_quantity = isinstance(field, QuantityField)
                columns[field.column] = stored(field.column) if is_quantity else field.column
        found = current_frame(model, dataset=dataset, period=period, columns=columns)
        if found is None:
            return None
        return found.with_columns(  # a column without any value has no type of its own
            pl.col(name).cast(_type(model, name))
            for name, kind in found.schema.items()
            if kind == pl.Null
        )

    return read


def demand_of_days(versions: list[DatasetVersion]) -> list[tuple[date, int, int, int]]:
    """Return (trade date, SC, TAC area, MWh in stored steps) of several versions, summed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select trade_date, sc_id, tac_area_id, sum(mwh)::bigint "
            f"from {MeteredDemand._meta.db_table} where dataset_version_id = any(%s) "
            "group by 1, 2, 3 order by 1, 2, 3",
            [[v.pk for v in versions]],
        )
        return [(day, int(sc), int(tac), int(mwh)) for day, sc, tac, mwh in cursor.fetchall()]


def metered_by_day(versions: list[DatasetVersion]) -> list[tuple[date, int, int]]:
    """Return (trade date, resource, metered MWh in stored steps) of versions of intervals, summed.

    One query; intervals without metered energy count nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select trade_date, resource_id, coalesce(sum(metered_mwh), 0)::bigint "
            f"from {ResourceInterval._meta.db_table} "
            "where dataset_version_id = any(%s) group by 1, 2 order by 1, 2",
            [[v.pk for v in versions]],
        )
        return [(day, int(key), int(mwh)) for day, key, mwh in cursor.fetchall()]


def demand_frame(version: DatasetVersion | None) -> pl.DataFrame:
    """Return the rows of metered demand of a version: row in the file, TAC area key, energy."""
    schema = {"line_no": pl.Int64, "tac_area_id": pl.Int64, "mwh": pl.Int64}
    if version is None:
        return pl.DataFrame(schema=schema)
    return copied(
        f"select {', '.join(schema)} from {MeteredDemand._meta.db_table} "
        f"where dataset_version_id = {int(version.pk)}",
        schema,
    )

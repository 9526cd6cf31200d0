"""Reads of the Master File: as people see it, and as known of a day at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db.models import F, QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.ui.fields import stored
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.selectors import current_frame, current_version
from apps.reference.masterfile.codes import CONFIGURATIONS, POINTS, RECORDS, TRANSITIONS
from apps.reference.masterfile.models import (
    CurvePoint,
    MasterFileChange,
    MasterFileRecord,
    MsgConfiguration,
    MsgTransition,
    Retrieval,
    ScTransfer,
)
from apps.reference.masterfile.rules import Flags
from apps.reference.resources.codes import EVER
from apps.reference.resources.selectors import own_resources_now, resource_ids

PLAIN = (
    "moo_qualified",
    "rmr_flag",
    "rmr_cd_type",
    "contract_effective",
    "contract_end",
    "use_limit",
    "car",
    "fuel_type",
    "msg",
    "els",
    "local_area",
    "tac_area",
    "fuel_region",
)


def _own(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    if viewer.is_iso:
        return rows
    return rows.filter(resource_id__in=own_resources_now(viewer)) if viewer.is_sc else rows.none()


def _iso_only(rows: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    return rows if viewer.is_iso else rows.none()


def version_until(day: date) -> DatasetVersion | None:
    """Return the newest version of the last day that is not after a day, or None."""
    return (
        DatasetVersion.objects.filter(dataset=RECORDS.name, period__lte=day.isoformat())
        .order_by("-period", "-version")
        .first()
    )


def later_day(day: date) -> bool:
    """Whether the Master File of a later day is on file."""
    return DatasetVersion.objects.filter(dataset=RECORDS.name, period__gt=day.isoformat()).exists()


def records_until(day: date) -> pl.DataFrame | None:
    """Return the records of the last day that is not after a day, under the file's names."""
    version = version_until(day)
    return _records(version) if version else None


def records_before(day: date) -> pl.DataFrame | None:
    """Return the records of the last day before a day, under the file's names."""
    version = (
        DatasetVersion.objects.filter(dataset=RECORDS.name, period__lt=day.isoformat())
        .order_by("-period", "-version")
        .first()
    )
    return _records(version) if version else None


def _records(version: DatasetVersion) -> pl.DataFrame | None:
    columns = {
        "resource_id": "resource__code",
        "resource_name": "name",
        "sc_id": "sc_code",
        "pmax_mw": stored("pmax_mw"),
        "pmin_mw": stored("pmin_mw"),
        **{n: n for n in PLAIN},
    }
    return current_frame(
        MasterFileRecord, dataset=RECORDS.name, period=version.period, columns=columns
    )


def resource_keys(codes: set[str]) -> dict[str, int]:
    """Return the keys of resources by ID."""
    return resource_ids(codes)


def configurations_on_file() -> dict[str, frozenset[str]]:
    """Return the configurations known now, by resource ID."""
    version = current_version(CONFIGURATIONS.name, EVER)
    found: dict[str, set[str]] = {}
    for code, config in MsgConfiguration.objects.filter(dataset_version=version).values_list(
        "resource__code", "config"
    ):
        found.setdefault(code, set()).add(config)
    return {code: frozenset(configs) for code, configs in found.items()}


def current_configurations() -> pl.DataFrame | None:
    """Return the configurations on file under the file's names."""
    return current_frame(
        MsgConfiguration,
        dataset=CONFIGURATIONS.name,
        period=EVER,
        columns={
            "resource_id": "resource__code",
            "config_id": "config",
            "startup": "startup",
            "effective": "effective_date",
            **{n: stored(n) for n in ("pmin_mw", "pmax_mw", "mma_startup", "mma_min_load")},
        },
    )


def current_transitions() -> pl.DataFrame | None:
    """Return the transitions on file under the file's names."""
    return current_frame(
        MsgTransition,
        dataset=TRANSITIONS.name,
        period=EVER,
        columns={
            "resource_id": "resource__code",
            "from_config": "from_config",
            "to_config": "to_config",
            "minutes": "minutes",
            "effective": "effective_date",
            "oc_transition": stored("oc_transition"),
        },
    )


def current_points() -> pl.DataFrame | None:
    """Return the points on file under the file's names."""
    return current_frame(
        CurvePoint,
        dataset=POINTS.name,
        period=EVER,
        columns={
            "resource_id": "resource__code",
            "config_id": "config",
            "point_no": "point_no",
            **{n: stored(n) for n in ("mw", "heat_rate", "cost")},
        },
    )


def _newest_version() -> int | None:
    newest = (
        DatasetVersion.objects.filter(dataset=RECORDS.name)
        .order_by("-period", "-version")
        .values_list("pk", flat=True)
    )
    return newest.first()


def records(*, viewer: Viewer) -> QuerySet[MasterFileRecord]:
    """Return the newest Master File; an SC sees its own resources."""
    return _own(MasterFileRecord.objects.filter(dataset_version_id=_newest_version()), viewer)


def changes(*, viewer: Viewer) -> QuerySet[MasterFileChange]:
    """Return every change from day to day, which the ISO's people see."""
    return _iso_only(MasterFileChange.objects.all(), viewer)


def retrievals(*, viewer: Viewer) -> QuerySet[Retrieval]:
    """Return what was retrieved, which the ISO's people see."""
    return _iso_only(Retrieval.objects.all(), viewer)


def _current(model: Any, dataset: str, viewer: Viewer) -> QuerySet[Any]:
    version = current_version(dataset, EVER)
    return _own(model.objects.filter(dataset_version=version), viewer)


def configurations(*, viewer: Viewer) -> QuerySet[MsgConfiguration]:
    """Return MSG configurations; an SC sees its own resources."""
    return _current(MsgConfiguration, CONFIGURATIONS.name, viewer)


def transitions(*, viewer: Viewer) -> QuerySet[MsgTransition]:
    """Return MSG transitions; an SC sees its own resources."""
    return _current(MsgTransition, TRANSITIONS.name, viewer)


def points(*, viewer: Viewer) -> QuerySet[CurvePoint]:
    """Return curve points; an SC sees its own resources."""
    return _current(CurvePoint, POINTS.name, viewer)


def transfers(*, viewer: Viewer) -> QuerySet[ScTransfer]:
    """Return changes of SC, which the ISO's people see."""
    rows = ScTransfer.objects.select_related("resource", "from_sc", "to_sc", "opened_by")
    return _iso_only(rows, viewer)


def flags_until(day: date) -> tuple[date | None, dict[str, Flags]]:
    """Return the day of the last file that is not after a day, and its flags by resource ID."""
    version = version_until(day)
    if version is None:
        return None, {}
    rows = MasterFileRecord.objects.filter(dataset_version=version).annotate(
        code=F("resource__code")
    )
    return date.fromisoformat(version.period), {
        r.code: Flags(
            r.code,
            r.moo_qualified,
            r.rmr_flag,
            r.rmr_cd_type,
            r.contract_effective,
            r.contract_end,
            r.use_limit == "Y",
            r.car == "Y",
        )
        for r in rows
    }


@dataclass(frozen=True)
class ResourceOnFile:
    """What the Master File of a day says of a resource that costs and bids ask (MW exact).

    A blank PMIN_MW is 0 for bids, and ``pmin_given`` says that nobody gave it.
    """

    resource_id: int
    code: str
    pmax_mw: Decimal
    pmin_mw: Decimal
    moo_qualified: str | None
    rmr_cd_type: str | None
    use_limited: bool
    conditionally_available: bool
    fuel_type: str
    fuel_region: str
    multi_stage: bool
    extremely_long_start: bool
    pmin_given: bool = True


def version_known(day: date, known_at: datetime) -> DatasetVersion | None:
    """Return the Master File version of the last day not after a day, as known at a moment."""
    return (
        DatasetVersion.objects.filter(
            dataset=RECORDS.name, period__lte=day.isoformat(), known_from__lte=known_at
        )
        .order_by("-period", "-version")
        .first()
    )


def resources_on_file(
    version: DatasetVersion | None, resource_ids: Iterable[int] | None = None
) -> dict[int, ResourceOnFile]:
    """Return the resources of a Master File version by key, in the order of IDs: all, or some."""
    names = ("pmax_mw", "pmin_mw")
    rows = MasterFileRecord.objects.filter(dataset_version=version).order_by("resource__code")
    if resource_ids is not None:
        rows = rows.filter(resource_id__in=list(resource_ids))
    found = {}
    for (
        key,
        code,
        pmax,
        pmin,
        moo,
        cd_type,
        limited,
        car,
        fuel,
        region,
        msg,
        els,
    ) in rows.values_list(
        "resource_id",
        "resource__code",
        *names,
        "moo_qualified",
        "rmr_cd_type",
        "use_limit",
        "car",
        "fuel_type",
        "fuel_region",
        "msg",
        "els",
    ):
        found[key] = ResourceOnFile(
            key,
            code,
            pmax,
            pmin or Decimal(0),
            moo,
            cd_type,
            limited == "Y",
            car == "Y",
            fuel or "",
            region or "",
            msg == "Y",
            els == "Y",
            pmin is not None,
        )
    return found


PointRow = tuple[int, str, int, int | None, int | None]


def points_of(version: DatasetVersion | None) -> list[PointRow]:
    """Return (resource, configuration, MW, heat rate, cost) of every point, in stored steps."""
    rows = CurvePoint.objects.filter(dataset_version=version).order_by(
        "resource_id", "config", "point_no"
    )
    return list(
        rows.values_list("resource_id", "config", stored("mw"), stored("heat_rate"), stored("cost"))
    )


def configurations_of(
    version: DatasetVersion | None, day: date, resource_ids: Iterable[int] | None = None
) -> list[Any]:
    """Return each configuration as effective on a day, by resource and name, as named rows."""
    rows = MsgConfiguration.objects.filter(dataset_version=version, effective_date__lte=day)
    if resource_ids is not None:
        rows = rows.filter(resource_id__in=list(resource_ids))
    return list(
        rows.order_by("resource__code", "config", "-effective_date")
        .distinct("resource__code", "config")
        .values_list(
            "resource_id",
            "resource__code",
            "config",
            "pmin_mw",
            "pmax_mw",
            "startup",
            "mma_startup",
            "mma_min_load",
            named=True,
        )
    )


def transitions_of(version: DatasetVersion | None, day: date) -> list[Any]:
    """Return each transition as effective on a day, by resource and ends, as named rows."""
    rows = MsgTransition.objects.filter(dataset_version=version, effective_date__lte=day)
    ends = ("resource__code", "from_config", "to_config")
    return list(
        rows.order_by(*ends, "-effective_date")
        .distinct(*ends)
        .values_list("resource_id", *ends, "oc_transition", named=True)
    )


def configuration_limits(resource_id: int, day: date) -> dict[str, Decimal]:
    """Return Pmax of each configuration of a resource on a day as known now."""
    version = current_version(CONFIGURATIONS.name, EVER)
    rows = MsgConfiguration.objects.filter(
        dataset_version=version, resource_id=resource_id, effective_date__lte=day
    ).order_by("effective_date")
    found: Any = rows.values_list("config", "pmax_mw")
    return dict(found)

"""Reads of demand, load and prices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import polars as pl
from django.db import connection
from django.db.models import QuerySet

from apps.accounts.rules import Viewer
from apps.kernel.tradetime import FAR_MOMENT
from apps.market.models import EnergyPrice, Holiday, MeteredDemand, TacLoad
from apps.market.terms import ENERGY_PRICES, HOLIDAYS, METERED_DEMAND, TAC_LOAD
from apps.resources.terms import EVER
from apps.ui.fields import stored
from apps.uploads.models import DatasetVersion
from apps.uploads.selectors import current_frame, versions_known_at


def metered_demand(*, viewer: Viewer) -> QuerySet[MeteredDemand]:
    """Return metered demand rows: all for the ISO, its own for an SC."""
    rows = MeteredDemand.objects.all()
    if viewer.is_iso:
        return rows
    return rows.filter(sc_id=viewer.party_id) if viewer.is_sc else rows.none()


def tac_load(*, viewer: Viewer) -> QuerySet[TacLoad]:
    """Return published load, which is public."""
    return TacLoad.objects.all()


def energy_prices(*, viewer: Viewer) -> QuerySet[EnergyPrice]:
    """Return published prices, which are public."""
    return EnergyPrice.objects.all()


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
    """Return the rows of one SC in some TAC areas, for an explanation."""
    return MeteredDemand.objects.filter(
        dataset_version=version, sc_id=sc_id, tac_area_id__in=list(tac_area_ids)
    ).order_by("tac_area_id", "hour_ending")


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

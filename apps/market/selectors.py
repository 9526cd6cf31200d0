"""Reads of demand, load and prices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import polars as pl
from django.db import connection
from django.db.models import QuerySet

from apps.accounts.rules import Viewer
from apps.market.models import EnergyPrice, MeteredDemand, TacLoad
from apps.market.terms import METERED_DEMAND, TAC_LOAD
from apps.uploads.models import DatasetVersion
from apps.uploads.selectors import versions_known_at


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


def _frame(model: type, columns: dict[str, str], period: str, dataset: str) -> pl.DataFrame | None:
    version = (
        DatasetVersion.objects.filter(dataset=dataset, period=period).order_by("-version").first()
    )
    if version is None:
        return None
    sql = ", ".join(f"{expression} as {name}" for name, expression in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {sql} from {model._meta.db_table} f "  # type: ignore[attr-defined]
            "left join accounts_party p on p.id = {} left join resources_tacarea t on t.id = {} "
            "where f.dataset_version_id = %s".format(
                *(("f.sc_id", "f.tac_area_id") if model is MeteredDemand else ("null", "null"))
            ),
            [version.pk],
        )
        rows = cursor.fetchall()
    return pl.DataFrame(rows, schema=list(columns), orient="row", infer_schema_length=None)


def current_demand(period: str) -> pl.DataFrame | None:
    """Return the current metered demand of a day under the upload's field names, or None."""
    return _frame(
        MeteredDemand,
        {"sc_id": "p.code", "tac_area": "t.code", "trade_date": "f.trade_date",
         "hour_ending": "f.hour_ending::bigint", "mwh": "f.mwh"},
        period, METERED_DEMAND.name,
    )  # fmt: skip


def current_load(period: str) -> pl.DataFrame | None:
    """Return the current TAC area load of a day under the upload's field names, or None."""
    return _frame(
        TacLoad,
        {"tac_area": "f.tac_area", "interval_start": "f.interval_start", "mw": "f.mw"},
        period, TAC_LOAD.name,
    )  # fmt: skip


def current_prices(period: str) -> pl.DataFrame | None:
    """Return the current prices of a day under the upload's field names, or None."""
    return _frame(
        EnergyPrice,
        {"node": "f.node", "market_run_id": "f.market_run_id", "opr_dt": "f.trade_date",
         "opr_hr": "f.opr_hr::bigint", "opr_interval": "f.opr_interval::bigint",
         "lmp_type": "f.lmp_type", "price": "f.price"},
        period, "market.energy_prices",
    )  # fmt: skip

"""NQC and EFC of every resource by month, from whichever list says them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.ui.fields import stored
from apps.platform.uploads.selectors import versions_known_at
from apps.reference.resources.codes import EFC_LIST, NQC_BY_MONTH, PUBLIC_NQC, RMR_NQC_EFC
from apps.reference.resources.models import (
    EffectiveFlexibleCapacity,
    NetQualifyingCapacity,
    NqcByMonth,
)


def nqc_frame(year: int, known_at: datetime = FAR_MOMENT) -> pl.DataFrame:
    """Return NQC of a year in stored steps: ``resource_id``, ``ra_month``, ``nqc``, ``guessed``.

    The upload of RMR resources stands before the public list, that before what outage reports
    printed; there a month without a figure has that of the nearest month before, else after, and
    is ``guessed``.
    """
    said = [
        _capacity(NetQualifyingCapacity, name, year, known_at, "nqc_mw")
        for name in (RMR_NQC_EFC.name, PUBLIC_NQC.name)
    ]
    printed = _capacity(NqcByMonth, NQC_BY_MONTH.name, year, known_at, "nqc_mw", holds=True)
    months = pl.DataFrame({"ra_month": range(1, 13)}, schema={"ra_month": pl.Int64})
    near = (
        printed.select("resource_id")
        .unique()
        .join(months, how="cross")
        .join(printed, on=["resource_id", "ra_month"], how="left")
        .sort("resource_id", "ra_month")
        .with_columns(pl.col("value").is_null().alias("guessed"))
        .with_columns(pl.col("value").forward_fill().backward_fill().over("resource_id"))
    )
    exact = [f.with_columns(pl.lit(False).alias("guessed")) for f in said]
    return (
        pl.concat([*exact, near.select("resource_id", "ra_month", "value", "guessed")])
        .unique(["resource_id", "ra_month"], keep="first", maintain_order=True)
        .rename({"value": "nqc"})
    )


def efc_frame(year: int, known_at: datetime = FAR_MOMENT) -> pl.DataFrame:
    """Return EFC of a year in stored steps, by resource and month, with its category."""
    parts = []
    for name in (RMR_NQC_EFC.name, EFC_LIST.name):
        kept = versions_known_at(name, known_at, period=str(year))
        rows = EffectiveFlexibleCapacity.objects.filter(dataset_version__in=kept).values_list(
            "resource_id", "ra_month", stored("efc_mw"), "flex_category"
        )
        parts.append(pl.DataFrame(list(rows), orient="row", schema=EFC_FRAME))
    return pl.concat(parts).unique(["resource_id", "ra_month"], keep="first", maintain_order=True)


EFC_FRAME = {
    "resource_id": pl.Int64,
    "ra_month": pl.Int64,
    "efc": pl.Int64,
    "category": pl.Int64,
}


def _capacity(
    model: Any, dataset: str, year: int, known_at: datetime, field: str, **only: Any
) -> pl.DataFrame:
    kept = versions_known_at(dataset, known_at, period=str(year))
    rows = model.objects.filter(dataset_version__in=kept, **only).values_list(
        "resource_id", "ra_month", stored(field)
    )
    schema = {"resource_id": pl.Int64, "ra_month": pl.Int64, "value": pl.Int64}
    return pl.DataFrame(list(rows), orient="row", schema=schema)

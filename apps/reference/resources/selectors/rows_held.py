"""What is on file under an upload's field names, to compare a new file with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from apps.platform.core.quantity import MW
from apps.platform.uploads.selectors import current_version
from apps.reference.resources.codes import MONTHS, PUBLIC_NQC, RMR_NQC_EFC
from apps.reference.resources.models import (
    EffectiveFlexibleCapacity,
    NetQualifyingCapacity,
    NqcListEntry,
    ResourceAttributes,
    ScAssociation,
)


def attributes_frame(known_at: datetime) -> pl.DataFrame:
    """Return the attributes known at a moment under the upload's field names, to compare with."""
    associations_now = {
        (row.resource_id, row.span): row.sc.code
        for row in ScAssociation.objects.filter(known__contains=known_at).select_related("sc")
    }
    rows = [
        {
            "resource_id": row.resource.code,
            "resource_name": row.name,
            "pmax_mw": MW.to_scaled(row.pmax_mw),
            "pmin_mw": MW.to_scaled(row.pmin_mw) if row.pmin_mw is not None else None,
            "tac_area": row.tac_area.code,
            "local_area": row.local_area.code if row.local_area else None,
            "sc_id": associations_now.get((row.resource_id, row.span)),
            "effective_from": row.span.first,
            "effective_to": row.span.last if row.valid.upper else None,
            "source": row.reference,
        }
        for row in ResourceAttributes.objects.filter(known__contains=known_at).select_related(
            "resource", "tac_area", "local_area"
        )
    ]
    return pl.DataFrame(
        rows,
        schema={
            "resource_id": pl.String,
            "resource_name": pl.String,
            "pmax_mw": pl.Int64,
            "pmin_mw": pl.Int64,
            "tac_area": pl.String,
            "local_area": pl.String,
            "sc_id": pl.String,
            "effective_from": pl.Date,
            "effective_to": pl.Date,
            "source": pl.String,
        },
    )


def public_nqc_frame(period: str) -> pl.DataFrame | None:
    """Return the current public NQC list of a year, one row a resource, or None."""
    version = current_version(PUBLIC_NQC.name, period)
    if version is None:
        return None
    entries = NqcListEntry.objects.filter(dataset_version=version).values_list(
        "line_no",
        "resource__code",
        "generator_name",
        "path_designation",
        "local_area",
        "dispatchable",
        "deliverability",
        "deliverable_mw",
        "comments",
    )
    names = [
        "line",
        "resource_id",
        "generator_name",
        "path_designation",
        "local_area",
        "dispatchable",
        "deliverability",
        "deliverable_mw",
        "comments",
    ]
    head = pl.DataFrame(
        list(entries),
        orient="row",
        schema={n: pl.Int64 if n == "line" else pl.String for n in names},
    )
    values: Any = NetQualifyingCapacity.objects.filter(dataset_version=version).values_list(
        "line_no", "ra_month", "nqc_mw"
    )
    months: dict[str, dict[int, int]] = {m.lower(): {} for m in MONTHS}
    for line, month, value in values:
        months[MONTHS[month - 1].lower()][line] = MW.to_scaled(value)
    return head.with_columns(
        pl.col("line").replace_strict(by_line, default=None, return_dtype=pl.Int64).alias(name)
        if by_line
        else pl.lit(None, dtype=pl.Int64).alias(name)
        for name, by_line in months.items()
    )


def rmr_nqc_frame(period: str) -> pl.DataFrame | None:
    """Return the current RMR NQC/EFC rows of a year under the upload's field names, or None."""
    version = current_version(RMR_NQC_EFC.name, period)
    if version is None:
        return None
    efc = {
        (e.resource_id, e.ra_month): e
        for e in EffectiveFlexibleCapacity.objects.filter(dataset_version=version)
    }
    rows = []
    for nqc in NetQualifyingCapacity.objects.filter(dataset_version=version).select_related(
        "resource", "local_area"
    ):
        flex = efc.get((nqc.resource_id, nqc.ra_month))
        rows.append(
            {
                "resource_id": nqc.resource.code,
                "ra_year": nqc.ra_year,
                "ra_month": nqc.ra_month,
                "nqc_mw": MW.to_scaled(nqc.nqc_mw),
                "efc_mw": MW.to_scaled(flex.efc_mw) if flex else 0,
                "flex_category": flex.flex_category if flex else None,
                "local_area": nqc.local_area.code if nqc.local_area else None,
            }
        )
    return pl.DataFrame(
        rows,
        schema={
            "resource_id": pl.String,
            "ra_year": pl.Int64,
            "ra_month": pl.Int64,
            "nqc_mw": pl.Int64,
            "efc_mw": pl.Int64,
            "flex_category": pl.Int64,
            "local_area": pl.String,
        },
    )

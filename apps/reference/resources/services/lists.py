"""Public lists and NQC/EFC of RMR resources: check and keep them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, LPad

from apps.platform.audit.services import copy_rows
from apps.platform.core.violations import Severity, Violation
from apps.platform.ui.fields import stored
from apps.platform.uploads.hooks import Parts, Storing
from apps.platform.uploads.selectors import current_frame
from apps.reference.resources import selectors
from apps.reference.resources.codes import (
    CAPABILITY_LIST,
    MONTHS,
    NQC_BY_MONTH,
)
from apps.reference.resources.models import (
    CapabilityListing,
    EffectiveFlexibleCapacity,
    NetQualifyingCapacity,
    NqcByMonth,
    NqcListEntry,
)
from apps.reference.resources.services.identifying import ensure_resources, new_resources

A_MONTH = ("resource_id", "ra_month")
RMR_NQC_PARTS = Parts(A_MONTH, {NetQualifyingCapacity: A_MONTH, EffectiveFlexibleCapacity: A_MONTH})
EFC_PARTS = Parts(A_MONTH, {EffectiveFlexibleCapacity: A_MONTH})
NQC_MONTH_PARTS = Parts(("resource_id", "month"), {NqcByMonth: A_MONTH})


def check_capability(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check that the list names resources on file, or such as may be new."""
    return new_resources(frame, "RESOURCE_ID", options)


def store_capability(storing: Storing) -> None:
    """Store a capability list as Facts."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    frame = storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
        pl.lit(date.fromisoformat(storing.version.period)).alias("as_of_date"),
    )
    copy_rows(CapabilityListing, frame)


def current_capability(period: str) -> pl.DataFrame | None:
    """Return the current capability list of a date under the upload's field names, or None."""
    plain = (
        "unit_name",
        "agg_type",
        "parent_id",
        "resource_type",
        "pto_area",
        "unit_type",
        "energy_source",
        "zone",
        "commercial_date",
        "classification",
        "qf",
        "river_system",
        "baa_id",
        "udc",
    )
    return current_frame(
        CapabilityListing,
        dataset=CAPABILITY_LIST.name,
        period=period,
        columns={
            "resource_id": "resource__code",
            **{name: name for name in plain},
            "net_dependable_mw": stored("net_dependable_mw"),
            "nameplate_mw": stored("nameplate_mw"),
        },
    )


def check_public_nqc(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Note rows without any month; refuse a resource that has months in two rows.

    The published list repeats some resources in rows with empty months; those are tolerated and
    store no NQC.
    """
    empty = pl.all_horizontal([pl.col(m.lower()).is_null() for m in MONTHS])
    again = frame.filter(~empty).filter(~pl.col("resource_id").is_first_distinct())
    sentence = "Another row above holds months of the same resource."
    notes = [
        Violation(
            "NQC-EMPTY",
            "The row holds no month; only its description is kept.",
            line,
            severity=Severity.INFO,
        )
        for line in frame.filter(empty)["line_no"]
    ]
    doubles = [Violation("NQC-DOUBLE", sentence, line, "Resource ID") for line in again["line_no"]]
    return notes + doubles + new_resources(frame, "Resource ID", options)


def store_public_nqc(storing: Storing) -> None:
    """Store the public NQC list: one entry a row, one NQC a filled month."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    year = int(storing.version.period)
    frame = storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
        pl.lit(year).alias("ra_year"),
    )
    months = [m.lower() for m in MONTHS]
    copy_rows(NqcListEntry, frame.drop(months))
    values = (
        frame.select("dataset_version_id", "line_no", "resource_id", "ra_year", *months)
        .unpivot(
            months,
            index=["dataset_version_id", "line_no", "resource_id", "ra_year"],
            variable_name="month",
            value_name="nqc_mw",
        )
        .drop_nulls("nqc_mw")
        .with_columns(
            pl.col("month")
            .replace_strict({m: i for i, m in enumerate(months, 1)}, return_dtype=pl.Int64)
            .alias("ra_month")
        )
        .drop("month")
    )
    copy_rows(NetQualifyingCapacity, values)


def check_nqc_by_month(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Note the rows of a resource and month that a later one replaces; refuse what is no month.

    The list was revised within some months: of two rows the one seen last holds, and the other is
    kept as it was.
    """
    wrong = frame.filter(~pl.col("month").str.contains(r"^20[0-9][0-9]-(0[1-9]|1[0-2])$"))
    found = [
        Violation("NQC-MONTH", "MONTH must be written YYYY-MM.", line, "MONTH", value=month)
        for line, month in wrong.select("line_no", "month").iter_rows()
    ]
    late = frame.filter(~newest_of_month())
    found += [
        Violation(
            "NQC-REVISED",
            "Another row of this resource and month was seen later; it holds.",
            line,
            "LAST SEEN",
            Severity.INFO,
        )
        for line in late["line_no"]
    ]
    above = frame.filter(pl.col("nqc_mw") > pl.col("pmax_mw"))
    found += [
        Violation(
            "NQC-PMAX",
            "NQC exceeds Pmax; it is kept as printed.",
            line,
            "NET QUALIFYING CAPACITY MW",
            Severity.INFO,
        )
        for line in above["line_no"]
    ]
    return found + new_resources(frame, "RESOURCE ID", options)


def newest_of_month() -> pl.Expr:
    """Whether a row is the one seen last of its resource and month; ties go to the later row."""
    last = pl.col("last_seen").to_physical().cast(pl.Int64) * 10_000_000 + pl.col("line_no")
    return last == last.max().over("resource_id", "month")


def store_nqc_by_month(storing: Storing) -> None:
    """Keep every row; those that hold are marked."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    frame = storing.frame.with_columns(
        newest_of_month().alias("holds"),
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("ra_year"),
        pl.col("month").str.slice(5, 2).cast(pl.Int64).alias("ra_month"),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
    ).with_columns(pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64))
    copy_rows(NqcByMonth, frame.drop("month"))


def current_nqc_by_month(period: str) -> pl.DataFrame | None:
    """Return what is on file of a year, to compare with."""
    month = Concat(
        Cast("ra_year", CharField()),
        Value("-"),
        LPad(Cast("ra_month", CharField()), 2, Value("0")),
        output_field=CharField(),
    )
    return current_frame(
        NqcByMonth,
        dataset=NQC_BY_MONTH.name,
        period=period,
        columns={
            "resource_id": "resource__code",
            "resource_name": "resource_name",
            "month": month,
            "pmax_mw": stored("pmax_mw"),
            "nqc_mw": stored("nqc_mw"),
            "first_seen": "first_seen",
            "last_seen": "last_seen",
            "outage_rows": "outage_rows",
        },
    )


def store_rmr_nqc_efc(storing: Storing) -> None:
    """Store NQC, local area, EFC and flexible category of RMR resources (BRQ-0105)."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    local = selectors.local_areas()
    frame = storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
        pl.col("local_area")
        .replace_strict(local, default=None, return_dtype=pl.Int64)
        .alias("local_area_id"),
        pl.col("efc_mw").fill_null(0),
    )
    common = ["dataset_version_id", "line_no", "resource_id", "ra_year", "ra_month"]
    copy_rows(NetQualifyingCapacity, frame.select(*common, "nqc_mw", "local_area_id"))
    copy_rows(EffectiveFlexibleCapacity, frame.select(*common, "efc_mw", "flex_category"))


def check_efc_list(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check that EFC above 0 has a category and 0 has none."""
    wrong = frame.filter((pl.col("efc_mw") > 0) != pl.col("flex_category").is_not_null())
    found = [
        Violation(
            "RMR-E-0105D",
            "A flexible category goes with an EFC above 0, and only with it.",
            line,
            "FLEX_CATEGORY",
        )
        for line in wrong["line_no"]
    ]
    return found + new_resources(frame, "RESOURCE_ID", options)


def store_efc_list(storing: Storing) -> None:
    """Keep EFC and category of resources that are not RMR."""
    keys = ensure_resources(storing.frame["resource_id"].unique().to_list())
    frame = storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
    )
    copy_rows(EffectiveFlexibleCapacity, frame)

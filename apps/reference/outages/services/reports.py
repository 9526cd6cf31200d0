"""Outage reports and the nature-of-work table: check and keep them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from apps.platform.audit.services import copy_rows
from apps.platform.core.tradetime import Span, month_span
from apps.platform.core.violations import Violation
from apps.platform.ui.fields import stored
from apps.platform.uploads.hooks import Storing
from apps.reference.outages.codes import REPORTS
from apps.reference.outages.models import NatureOfWork, ReportedOutage
from apps.reference.outages.rules import outage_moments, outage_violations
from apps.reference.resources.services import ensure_resources, new_resources

Options = Mapping[str, str]
WALL = "%Y-%m-%d %H:%M"


def period_of_report(frame: pl.DataFrame, options: Options) -> pl.Series:
    """Each segment belongs to the month of its printed start."""
    return frame["starts"].dt.to_string("%Y-%m")


def span_of_month(period: str) -> Span:
    """The days of a period named by a month."""
    year, month = period.split("-")
    return month_span(int(year), int(month))


def check_report(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check that outages end after they start, their times exist, and resources are on file."""
    return outage_violations(outage_moments(frame)) + new_resources(frame, "RESOURCE ID", options)


def store_report(storing: Storing) -> None:
    """Keep the segments of a month as moments."""
    keys = ensure_resources(storing.frame["resource_id"].unique().to_list())
    frame = outage_moments(storing.frame).with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
        pl.col("starts").dt.to_string(WALL).alias("printed_from"),
        pl.col("ends").dt.to_string(WALL).alias("printed_to"),
    )
    copy_rows(
        ReportedOutage,
        frame.select(
            "dataset_version_id",
            "line_no",
            "mrid",
            "resource_id",
            "outage_type",
            "nature",
            "starts_at",
            "ends_at",
            "curtailed_mw",
            "pmax_mw",
            "nqc_mw",
            "printed_from",
            "printed_to",
        ),
    )


def current_report(period: str) -> pl.DataFrame | None:
    """Return what is on file of a month under the report's names, the newest row of each key."""
    rows = (
        ReportedOutage.objects.filter(
            dataset_version__dataset=REPORTS.name, dataset_version__period=period
        )
        .order_by("dataset_version__version")
        .values_list(
            "mrid",
            "resource__code",
            "outage_type",
            "nature",
            "printed_from",
            "printed_to",
            stored("curtailed_mw"),
            stored("pmax_mw"),
            stored("nqc_mw"),
        )
    )
    texts = ["mrid", "resource_id", "outage_type", "nature", "starts", "ends"]
    numbers = ["curtailed_mw", "pmax_mw", "nqc_mw"]
    found = pl.DataFrame(
        list(rows),
        orient="row",
        schema={n: pl.String for n in texts} | {n: pl.Int64 for n in numbers},
    )
    if found.is_empty():
        return None
    return found.unique(["mrid", "resource_id", "starts", "ends"], keep="last").with_columns(
        pl.col("starts", "ends").str.to_datetime(WALL, time_unit="us")
    )


def check_natures(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check that a row ends after it begins and that rows of one nature do not overlap."""
    found = []
    ends: dict[tuple[str, str], object] = {}
    for row in frame.sort("code", "outage_type", "first_date").iter_rows(named=True):
        key, line = (row["code"], row["outage_type"]), row["line_no"]
        if row["last_date"] is not None and row["last_date"] < row["first_date"]:
            found.append(Violation("OUT-NATURE", "It ends before it begins.", line, "EFFECTIVE_TO"))
        if key in ends and (ends[key] is None or ends[key] >= row["first_date"]):
            found.append(
                Violation(
                    "OUT-NATURE",
                    "An earlier row of this nature still holds then.",
                    line,
                    "EFFECTIVE_FROM",
                )
            )
        ends[key] = row["last_date"]
    return found


def store_natures(storing: Storing) -> None:
    """Keep the table of natures of work."""
    copy_rows(
        NatureOfWork,
        storing.frame.with_columns(
            pl.col("raaim_exempt") == "Y",
            pl.col("substitution") == "Y",
            pl.lit(storing.version.pk).alias("dataset_version_id"),
        ),
    )

"""The dated table of assessment hours: check and keep it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from apps.adequacy.availability.models import AssessmentHours
from apps.platform.audit.services import copy_rows
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Storing


def check_hours(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check categories, hours and that rows of one kind do not overlap."""
    found = []
    ends: dict[tuple[str, int | None], date | None] = {}
    for row in frame.sort("ra_type", "category", "first_date").iter_rows(named=True):
        line, key = row["line_no"], (row["ra_type"], row["category"])
        if (row["ra_type"] == "FLEX") != (row["category"] is not None):
            found.append(
                Violation("AAH-CAT", "FLEX has a category, GENERIC none.", line, "FLEX_CATEGORY")
            )
        if row["last_he"] < row["first_he"]:
            found.append(
                Violation("AAH-HOURS", "The last hour lies before the first.", line, "LAST_HE")
            )
        if row["last_date"] is not None and row["last_date"] < row["first_date"]:
            found.append(Violation("AAH-DATES", "It ends before it begins.", line, "LAST_DATE"))
        before = ends.get(key, date.min)
        if before is None or before >= row["first_date"]:
            found.append(
                Violation("AAH-DATES", "An earlier row still holds then.", line, "FIRST_DATE")
            )
        ends[key] = row["last_date"]
    return found


def store_hours(storing: Storing) -> None:
    """Keep the table of assessment hours."""
    version = pl.lit(storing.version.pk).alias("dataset_version_id")
    copy_rows(AssessmentHours, storing.frame.with_columns(version))

"""Former IDs of resources: who was called what, by a file that a second person confirms."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from apps.platform.audit.services import copy_rows
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Storing
from apps.reference.resources.models import FormerResourceId
from apps.reference.resources.selectors import resource_ids
from apps.reference.resources.services.identifying import unknown_resources


def check_former_ids(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check former IDs: the resource of today is on file, and none is called by the former one.

    *Interpretation*: rows that stand on file under an ID stay where they are, so an ID that a
    resource on file has is no former one; its rows would otherwise be refused for days on which
    it was right.
    """
    found = unknown_resources(frame, "RESOURCE_ID", "RES-RENAMED")
    on_file = set(resource_ids(set(frame["former_id"].drop_nulls().unique())))
    taken = frame.filter(pl.col("former_id").is_in(sorted(on_file)))
    return found + [
        Violation(
            "RES-FORMER",
            f"{former} is a resource on file, and its rows stay its own. A former ID is one that "
            "no resource on file has: leave the row out.",
            line,
            "FORMER_ID",
            value=former,
        )
        for line, former in taken.select("line_no", "former_id").iter_rows()
    ]


def store_former_ids(storing: Storing) -> None:
    """Keep the former IDs of the file, in place of all before."""
    codes = set(storing.frame["resource_id"].unique())
    copy_rows(
        FormerResourceId,
        storing.frame.with_columns(
            pl.col("resource_id").replace_strict(resource_ids(codes), return_dtype=pl.Int64),
            pl.lit(storing.version.pk).alias("dataset_version_id"),
        ),
    )

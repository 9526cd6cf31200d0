"""The table of RMR facts of public record: every row is kept, and said what it is good for."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from apps.platform.audit.services import copy_rows
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.hooks import Storing
from apps.platform.uploads.selectors import current_frame
from apps.reference.resources.services import ensure_resources, new_resources
from apps.reliability.designations.codes import PUBLIC_FACTS
from apps.reliability.designations.models import PublicFact
from apps.reliability.designations.rules import use_of_fact

PLAIN = (
    "fact_id",
    "resource_name",
    "event",
    "event_date",
    "period_start",
    "period_end",
    "need",
    "local_area",
    "quantity",
    "value",
    "unit",
    "docket",
    "note",
    "source_url",
)


def check_public_facts(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Say of each row what the desk can make of it; periods must not run backwards."""
    found = []
    for row in frame.iter_rows(named=True):
        line = row["line_no"]
        if row["period_start"] and row["period_end"] and row["period_end"] < row["period_start"]:
            found.append(
                Violation("FACT-DATES", "period_end lies before period_start.", line, "period_end")
            )
        if not row["source_url"].startswith(("https://", "http://")):
            found.append(
                Violation(
                    "FACT-URL", "source_url must be the address of a page.", line, "source_url"
                )
            )
        found.append(Violation("FACT-USE", use_of_fact(row["event"]), line, "event", Severity.INFO))
    return found + new_resources(frame, "resource_id", options)


def store_public_facts(storing: Storing) -> None:
    """Keep every row as a Fact."""
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    frame = storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
    )
    copy_rows(PublicFact, frame)


def current_public_facts(period: str) -> pl.DataFrame | None:
    """Return the facts on file, to compare an upload with."""
    return current_frame(
        PublicFact,
        dataset=PUBLIC_FACTS.name,
        period=period,
        columns={"resource_id": "resource__code", **{name: name for name in PLAIN}},
    )

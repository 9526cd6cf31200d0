"""The table of CPM facts of public record: every row is kept."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from apps.adequacy.cpm.codes import FACTS
from apps.adequacy.cpm.models import CpmFact
from apps.platform.audit.services import copy_rows
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.hooks import Storing
from apps.platform.uploads.services import rows_as_confirmed


def check_facts(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check the page of each row; say where two rows give different values of one thing."""
    found = [
        Violation("FACT-URL", "source_url must be the address of a page.", line, "source_url")
        for line, url in frame.select("line_no", "source_url").iter_rows()
        if not url.startswith(("https://", "http://"))
    ]
    caps = frame.filter(pl.col("kind").str.contains("soft offer cap")).filter(
        pl.col("value").n_unique().over("effective_date", "unit") > 1
    )
    return found + [
        Violation(
            "FACT-CONFLICT",
            "Another row gives another value for the same date and unit; both "
            "are kept, and the dated parameter cpm.soft_offer_cap says which holds.",
            line,
            "value",
            Severity.INFO,
        )
        for line in caps["line_no"]
    ]


def store_facts(storing: Storing) -> None:
    """Keep every row as a Fact."""
    version = pl.lit(storing.version.pk).alias("dataset_version_id")
    copy_rows(CpmFact, storing.frame.rename({"resource_id": "resource_code"}).with_columns(version))


def current_facts(period: str) -> pl.DataFrame | None:
    """Return the facts on file, to compare an upload with."""
    return rows_as_confirmed(FACTS.name, period)

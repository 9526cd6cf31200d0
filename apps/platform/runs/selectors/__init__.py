"""Reads of runs: for people, what a calculation starts from, and the version of the code."""

from apps.platform.runs.selectors.code_version import (
    SourceMissing,
    code_version,
    number_sources,
)
from apps.platform.runs.selectors.figures import runs_by_kind, stale_by_kind
from apps.platform.runs.selectors.reading import (
    Manifest,
    current_run,
    days_with_input,
    input_changes,
    inputs_of,
    is_synthetic,
    manifest,
    manifests,
    publication_rows,
    published_days,
    runs,
    stale_cause,
    stale_causes,
    synthetic_runs,
    unchanged_since,
    version_read,
)
from apps.platform.runs.selectors.touched import outdated_page, published_days_touched

__all__ = [
    "Manifest",
    "SourceMissing",
    "code_version",
    "current_run",
    "days_with_input",
    "input_changes",
    "inputs_of",
    "is_synthetic",
    "manifest",
    "manifests",
    "number_sources",
    "outdated_page",
    "publication_rows",
    "published_days",
    "published_days_touched",
    "runs",
    "runs_by_kind",
    "stale_by_kind",
    "stale_cause",
    "stale_causes",
    "synthetic_runs",
    "unchanged_since",
    "version_read",
]

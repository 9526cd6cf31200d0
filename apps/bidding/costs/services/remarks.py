"""Violations of a run of costs, kept by resource."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from apps.platform.core.violations import Severity, Violation

FINDING_COLUMNS = {
    "unit": pl.String,
    "resource_id": pl.Int64,
    "code": pl.String,
    "severity": pl.String,
    "message": pl.String,
}


@dataclass
class Remarks:
    """Violations of a run by resource; what is wrong with one never keeps the others out."""

    rows: list[tuple[str, int | None, str, str, str]] = field(default_factory=list)

    def add(self, unit: str, resource: int | None, found: Iterable[Violation]) -> None:
        """Keep violations about a unit."""
        self.rows += [(unit, resource, f.code, f.severity.value, f.message[:300]) for f in found]

    def refuse(self, unit: str, resource: int | None, code: str, message: str) -> None:
        """Keep why something of a unit was not calculated."""
        self.rows.append((unit, resource, code, Severity.ERROR.value, message))

    def warn(self, unit: str, resource: int | None, code: str, message: str) -> None:
        """Keep a warning about a unit."""
        self.rows.append((unit, resource, code, Severity.WARNING.value, message))

    def frame(self) -> pl.DataFrame:
        """Return them as rows of the run."""
        return pl.DataFrame(self.rows, schema=FINDING_COLUMNS, orient="row")

"""Keep the tables of the settlement calendar."""

from __future__ import annotations

import polars as pl

from apps.audit.models import Fact
from apps.audit.services import copy_rows
from apps.settlements.models import RunDate, RunRule
from apps.uploads.terms import Storing


def _keep(model: type[Fact], storing: Storing) -> None:
    version = pl.lit(storing.version.pk).alias("dataset_version_id")
    copy_rows(model, storing.frame.with_columns(version))


def store_rules(storing: Storing) -> None:
    """Keep which runs trade dates have."""
    _keep(RunRule, storing)


def store_dates(storing: Storing) -> None:
    """Keep the dates the ISO has published."""
    _keep(RunDate, storing)

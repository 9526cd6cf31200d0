"""Keep the tables of the settlement calendar."""

from __future__ import annotations

import polars as pl

from apps.platform.audit.services import copy_rows
from apps.platform.uploads.hooks import Storing
from apps.platform.uploads.models import Fact
from apps.settlement.settlements.models import RunDate, RunRule


def _keep(model: type[Fact], storing: Storing) -> None:
    version = pl.lit(storing.version.pk).alias("dataset_version_id")
    copy_rows(model, storing.frame.with_columns(version))


def store_rules(storing: Storing) -> None:
    """Keep which runs trade dates have."""
    _keep(RunRule, storing)


def store_dates(storing: Storing) -> None:
    """Keep the dates the ISO has published."""
    _keep(RunDate, storing)

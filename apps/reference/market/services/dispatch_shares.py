"""Check and keep what exceptional dispatch is shared by."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from apps.platform.accounts.selectors import sc_ids
from apps.platform.audit.services import copy_rows
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Parts, Storing
from apps.reference.market.codes import MEASURED_DEMAND
from apps.reference.market.models import DispatchShare
from apps.reference.resources.selectors import resource_ids
from apps.reference.resources.services import unknown_codes, unknown_resources

SHARE_PARTS = Parts(("basis",), {DispatchShare: ("basis",)})


@implements("BRQ-1260", source="settlement rule book 15, decision G35")
def check_shares(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check shares: known SCs and resources; measured demand is of no one resource."""
    found = unknown_codes(frame, "sc_id", "SC_ID", set(sc_ids()), "MKT-SC", "active SC")
    named = frame.filter(pl.col("resource_id").is_not_null())
    found += unknown_resources(named, "RESOURCE_ID", "MKT-RESOURCE")
    return found + [
        Violation(
            "MKT-SHARE",
            "Measured demand bears the energy of every dispatch: leave RESOURCE_ID blank.",
            line,
            "RESOURCE_ID",
            value=value,
        )
        for line, value in named.filter(pl.col("basis") == MEASURED_DEMAND)
        .select("line_no", "resource_id")
        .iter_rows()
    ]


def store_shares(storing: Storing) -> None:
    """Keep the shares of one day."""
    codes = set(storing.frame["resource_id"].drop_nulls().unique())
    copy_rows(
        DispatchShare,
        storing.frame.with_columns(
            pl.col("resource_id").replace_strict(
                resource_ids(codes), default=None, return_dtype=pl.Int64
            ),
            pl.col("sc_id").replace_strict(sc_ids(), return_dtype=pl.Int64),
            pl.lit(storing.version.pk).alias("dataset_version_id"),
        ),
    )

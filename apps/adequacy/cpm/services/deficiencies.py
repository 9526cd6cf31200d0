"""Deficiencies of LSEs, by which a designation of that cause is shared."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from apps.adequacy.cpm.codes import BORNE_BY_DEFICIENCY, DEFICIENCIES
from apps.adequacy.cpm.models import CpmDeficiency, CpmDesignation
from apps.platform.accounts.selectors import sc_ids
from apps.platform.audit.services import copy_rows
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Storing
from apps.platform.uploads.services import rows_as_confirmed
from apps.reference.resources.services import unknown_codes


def period_of_designation(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Each row belongs to its designation; a new file stands for all of it."""
    return frame["designation_no"].cast(pl.String)


@implements("BRQ-1320", source="settlement rule book 9.3 (to be verified)")
def check_deficiencies(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check SCs, and that each designation is one that deficient LSEs bear."""
    found = unknown_codes(frame, "sc_id", "SC_ID", sc_ids(), "CPM-SC", "SC")
    reasons = dict(
        CpmDesignation.objects.filter(pk__in=frame["designation_no"].unique().to_list())
        .exclude(state="PROPOSED")
        .values_list("pk", "reason")
    )
    for line, number in frame.select("line_no", "designation_no").iter_rows():
        if number not in reasons:
            text = f"There is no CPM designation no. {number}."
        elif reasons[number] not in BORNE_BY_DEFICIENCY:
            text = f"Designation no. {number} is borne by load, not by deficient LSEs."
        else:
            continue
        found.append(Violation("CPM-DEFICIENCY", text, line, "DESIGNATION"))
    empty = frame.group_by("designation_no").agg(pl.col("mw").sum(), pl.col("line_no").min())
    return found + [
        Violation("CPM-NOTHING", "A designation needs a deficiency above 0.", line, "DEFICIENCY_MW")
        for line in empty.filter(pl.col("mw") == 0)["line_no"]
    ]


def store_deficiencies(storing: Storing) -> None:
    """Keep the rows of a designation."""
    copy_rows(
        CpmDeficiency,
        storing.frame.with_columns(
            pl.col("sc_id").replace_strict(sc_ids(), return_dtype=pl.Int64),
            pl.lit(storing.version.pk).alias("dataset_version_id"),
        ),
    )


def current_deficiencies(period: str) -> pl.DataFrame | None:
    """Return what is on file of a designation, to compare an upload with."""
    return rows_as_confirmed(DEFICIENCIES.name, period)

"""Credits from a file: checked row by row, and let hold for their months."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from apps.adequacy.credits.models import RmrCredit
from apps.adequacy.credits.selectors import process_of
from apps.adequacy.credits.services.files import span_of_period
from apps.adequacy.credits.services.judging import CreditsOnFile, judge, said_areas
from apps.adequacy.credits.services.previewing import who_gets
from apps.platform.audit.services import supersede
from apps.platform.core.quantity import MW
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.hooks import Storing
from apps.reference.resources.selectors import (
    resource_ids,
)
from apps.reference.resources.services import unknown_resources


def _rows(frame: pl.DataFrame) -> Any:
    for row in frame.iter_rows(named=True):
        month = row.get("ra_month")
        period = f"{row['ra_year']}-{month:02d}" if month else f"{row['ra_year']}"
        yield period, row | {"mw": MW.from_scaled(row["credit_mw"])}


def check_credits(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check a file of credits row by row; of a sound file, say of each row who gets it.

    Source: BRQ-0114, BRQ-0116, BRQ-0117.
    """
    keys = resource_ids(set(frame["resource_id"].to_list()))
    known: dict[str, CreditsOnFile] = {}
    found = unknown_resources(frame, "RESOURCE_ID", "CRD-RES")
    for period, row in _rows(frame):  # all rows first: they count beside one another
        if period not in known:
            known[period] = CreditsOnFile(period)
        key = keys.get(row["resource_id"])
        if key is not None:
            known[period].count(key, row["kind"], row["category"], row["mw"])
    sound: dict[str, list[tuple[int, Decimal, str]]] = {}
    for period, row in _rows(frame):
        key = keys.get(row["resource_id"])
        said = [] if key is None else judge(known[period], key, row, process_of(period))
        found += [
            Violation(f.code, f.message, row["line_no"], f.column, f.severity, f.value)
            for f in said
        ]
        if key is not None and row["mw"]:
            areas, _ = known[period].read_areas(key, row)
            sound.setdefault(period, []).append((row["line_no"], row["mw"], said_areas(areas)))
    if any(f.severity is Severity.ERROR for f in found):
        return found
    for period, rows in sound.items():
        gets = who_gets(period, [(mw, areas) for _, mw, areas in rows])
        found += [
            Violation("CRD-WHO", who.words, line, "CREDIT_MW", Severity.INFO)
            for (line, _, _), who in zip(rows, gets, strict=True)
        ]
    return found


def _store(storing: Storing) -> None:
    keys = resource_ids(set(storing.frame["resource_id"].to_list()))
    period = storing.version.period
    on_file = CreditsOnFile(period)
    for _, row in _rows(storing.frame):
        areas, _ = on_file.read_areas(keys[row["resource_id"]], row)
        supersede(
            model=RmrCredit,
            key={
                "process": process_of(period),
                "resource_id": keys[row["resource_id"]],
                "kind": row["kind"],
                "category": row["category"] or 0,
            },
            values={
                "label": row["label"],
                "mw": row["mw"],
                "tac_areas": said_areas(areas),
                "override_reason": row.get("override_reason") or "",
            },
            span=span_of_period(period),
            known_from=storing.version.known_from,
            reference=f"{storing.version}",
            proposed_by=storing.proposer,
            approved_by=storing.actor,
            provenance={"dataset_version": storing.version, "line_no": row["line_no"]},
        )


def store_annual(storing: Storing) -> None:
    """Let each annual credit of a file hold for its year."""
    _store(storing)


def store_monthly(storing: Storing) -> None:
    """Let each monthly credit of a file hold for its month."""
    _store(storing)

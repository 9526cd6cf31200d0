"""Files of the Master File: check their rows, keep them, hand them on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from apps.platform.accounts.selectors import sc_ids
from apps.platform.audit.services import copy_rows
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.hooks import Storing
from apps.reference.masterfile import selectors
from apps.reference.masterfile.hooks import CURVE_CHECKS, RECORD_CHECKS, UNDER_CONTRACT
from apps.reference.masterfile.models import (
    CurvePoint,
    MasterFileRecord,
    MsgConfiguration,
    MsgTransition,
)
from apps.reference.masterfile.rules import check_configurations, check_points, check_transitions
from apps.reference.masterfile.services.applying import (
    apply_records,
    kept_pmax,
    log_changes,
    retrieved,
)
from apps.reference.resources.rules import question, shown
from apps.reference.resources.selectors import attributes_on, resource_ids
from apps.reference.resources.services import ensure_resources, new_resources, unknown_resources

Options = Mapping[str, str]


def check_master_file(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check a day's Master File; what only concerns single resources is a warning.

    The file replaces the whole day, so one resource's trouble does not keep all others out.
    """
    day = date.fromisoformat(options["as_of"])
    codes = set(frame["resource_id"].to_list())
    keys = resource_ids(codes)
    found = []
    known = sc_ids()
    on_file = attributes_on(day)
    for row in frame.iter_rows(named=True):
        found += _of_row(row, known, keys, on_file)
    found += [
        Violation("RMR-W-0048", f.message, f.line, f.column, Severity.WARNING)
        for f in kept_pmax(retrieved(frame, keys), day)
    ]
    found += [
        Violation(
            "RMR-W-0100",
            f"{code} has an active designation or contract ({what}) and no Master File record.",
            column="RESOURCE_ID",
            severity=Severity.WARNING,
            value=code,
        )
        for reader in UNDER_CONTRACT
        for code, what in reader(day).items()
        if code not in codes
    ]
    found += [remark for check in RECORD_CHECKS for remark in check(frame, day)]
    return found + new_resources(frame, "RESOURCE_ID", options)


def _of_row(
    row: Mapping[str, Any],
    known: Mapping[str, int],
    keys: Mapping[str, int],
    on_file: Mapping[int, Any],
) -> list[Violation]:
    line, found = row["line_no"], []
    if row["pmin_mw"] is not None and row["pmin_mw"] > row["pmax_mw"]:
        found.append(Violation("MF-PMIN", "PMIN_MW exceeds PMAX_MW.", line, "PMIN_MW"))
    if row["sc_id"] not in known:
        found.append(
            Violation(
                "MF-SC",
                f"There is no active SC {shown(row['sc_id'])}; its SC on file stays."
                f"{question(row['sc_id'], known)}",
                line,
                "SCID",
                Severity.WARNING,
            )
        )
    if row["use_limit"] == "Y" and row["car"] == "Y":
        found.append(
            Violation(
                "MF-CAR",
                "A resource is use-limited or conditionally available, not both.",
                line,
                "CAR_FLAG",
                Severity.WARNING,
            )
        )
    area = row["tac_area"] or row["local_area"] not in (None, "CAISO_SYSTEM")
    if not area and keys.get(row["resource_id"]) not in on_file:
        found.append(
            Violation(
                "MF-TAC",
                "Neither TAC_AREA nor LOCAL_AREA; its attributes are not applied.",
                line,
                "TAC_AREA",
                Severity.WARNING,
            )
        )
    return found


def store_master_file(storing: Storing) -> None:
    """Keep the records, let changed attributes hold from the day on, log every change."""
    day = date.fromisoformat(storing.version.period)
    keys = ensure_resources(storing.frame["resource_id"].to_list())
    reasons = apply_records(storing, keys, day)
    log_changes(storing, keys, day, reasons)
    frame = _keyed(storing, keys).with_columns(pl.lit(day).alias("day"))
    copy_rows(
        MasterFileRecord,
        frame.rename({"resource_name": "name", "sc_id": "sc_code"}),
    )


def _keyed(storing: Storing, keys: Mapping[str, int]) -> pl.DataFrame:
    return storing.frame.with_columns(
        pl.col("resource_id").replace_strict(keys, return_dtype=pl.Int64),
        pl.lit(storing.version.pk).alias("dataset_version_id"),
    )


def current_master_file(period: str) -> pl.DataFrame | None:
    """Return the records of the day, else of the last day before, to compare an upload with."""
    return selectors.records_until(date.fromisoformat(period))


def owner_of_record(row: Mapping[str, str]) -> int | None:
    """Return the SC a record names."""
    code = row["sc_id"]
    return sc_ids(codes={code}).get(code)


def _unknown(frame: pl.DataFrame) -> list[Violation]:
    return unknown_resources(frame, "RESOURCE_ID", "MF-RES")


def check_configuration_file(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check MSG configurations."""
    return _unknown(frame) + check_configurations(frame.iter_rows(named=True))


def check_transition_file(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check MSG transitions against the configurations on file."""
    return _unknown(frame) + check_transitions(
        frame.iter_rows(named=True), selectors.configurations_on_file()
    )


def check_point_file(frame: pl.DataFrame, options: Options) -> list[Violation]:
    """Check heat-rate and average-cost points, and what they mean with the fuel on file."""
    found = _unknown(frame) + check_points(frame.iter_rows(named=True))
    return found + [remark for check in CURVE_CHECKS for remark in check(frame)]


def _store(storing: Storing, model: Any, names: Mapping[str, str]) -> None:
    keys = resource_ids(set(storing.frame["resource_id"].to_list()))
    copy_rows(model, _keyed(storing, keys).rename(dict(names)))


def store_configurations(storing: Storing) -> None:
    """Keep MSG configurations."""
    _store(storing, MsgConfiguration, {"config_id": "config", "effective": "effective_date"})


def store_transitions(storing: Storing) -> None:
    """Keep MSG transitions."""
    _store(storing, MsgTransition, {"effective": "effective_date"})


def store_points(storing: Storing) -> None:
    """Keep heat-rate and average-cost points."""
    frame = storing.frame.with_columns(pl.col("config_id").fill_null(""))
    held = Storing(frame, storing.version, storing.options, storing.actor, storing.proposer)
    _store(held, CurvePoint, {"config_id": "config"})


def current_configurations(period: str) -> pl.DataFrame | None:
    """Return the configurations on file, to compare with."""
    return selectors.current_configurations()


def current_transitions(period: str) -> pl.DataFrame | None:
    """Return the transitions on file, to compare with."""
    return selectors.current_transitions()


def current_points(period: str) -> pl.DataFrame | None:
    """Return the points on file, to compare with."""
    return selectors.current_points()

"""Let a day's Master File hold: changed attributes and SCs from the day on, each change logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from apps.platform.accounts.selectors import sc_ids
from apps.platform.audit.services import copy_rows
from apps.platform.core.quantity import MW
from apps.platform.core.tradetime import FAR_FUTURE, Span
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import Storing
from apps.reference.masterfile import selectors
from apps.reference.masterfile.models import MasterFileChange
from apps.reference.resources.hooks import forbidden_pmax
from apps.reference.resources.selectors import (
    AttributesNow,
    attributes_on,
    local_areas,
    tac_areas,
    tac_of_local_area,
)
from apps.reference.resources.services import let_hold

COMPARED = (
    "resource_name",
    "sc_id",
    "pmax_mw",
    "pmin_mw",
    "moo_qualified",
    "rmr_flag",
    "rmr_cd_type",
    "contract_effective",
    "contract_end",
    "use_limit",
    "car",
    "fuel_type",
    "msg",
    "els",
    "local_area",
    "tac_area",
    "fuel_region",
)
MEGAWATTS = {"pmax_mw", "pmin_mw"}


@dataclass(frozen=True)
class RetrievedAttributes:
    """What a record wants to hold of one resource from the day on."""

    line_no: int
    resource_id: int
    code: str
    name: str
    pmax: int
    pmin: int | None
    tac: str | None
    local: str | None
    sc_id: int | None


def retrieved(frame: pl.DataFrame, keys: Mapping[str, int]) -> list[RetrievedAttributes]:
    """Return what the records want to hold."""
    scs, tac_of = sc_ids(), tac_of_local_area()
    return [
        RetrievedAttributes(
            r["line_no"],
            keys[r["resource_id"]],
            r["resource_id"],
            r["resource_name"],
            r["pmax_mw"],
            r["pmin_mw"],
            r["tac_area"] or tac_of.get(r["local_area"] or ""),
            r["local_area"],
            scs.get(r["sc_id"]),
        )
        for r in frame.iter_rows(named=True)
        if r["resource_id"] in keys
    ]


def kept_pmax(found: list[RetrievedAttributes], day: date) -> list[Violation]:
    """Return the changes of Pmax that a running contract forbids."""
    return forbidden_pmax(
        (w.code, Span(day, FAR_FUTURE), MW.from_scaled(w.pmax), w.line_no) for w in found
    )


def apply_records(storing: Storing, keys: Mapping[str, int], day: date) -> dict[str, str]:
    """Let what differs hold from the day on; return by resource ID what was held back, and why.

    The attributes on file stay where a record says the same. A later day's file that is already in
    keeps the last word.
    """
    if selectors.later_day(day):
        return {}
    found = retrieved(storing.frame, keys)
    held = attributes_on(day)
    forbidden = {f.line for f in kept_pmax(found, day)}
    reasons: dict[str, str] = {}
    areas = (tac_areas(), local_areas())
    for given in found:
        now = held.get(given.resource_id)
        pmax = given.pmax
        if given.line_no in forbidden and now is not None:
            pmax = now.pmax
            reasons[given.code] = "RMR-E-0048: Pmax stays while the contract runs"
        tac = given.tac or (now.tac if now else None)
        if tac is None:
            reasons[given.code] = "no TAC area is known; the attributes are not applied"
            continue
        wanted = AttributesNow(
            given.name,
            pmax,
            given.pmin if given.pmin is not None else (now.pmin if now else None),
            tac,
            given.local or (now.local if now else None),
            given.sc_id or (now.sc_id if now else None),
            now.until if now else FAR_FUTURE,
            now.sc_until if now else FAR_FUTURE,
        )
        if now != wanted:
            let_hold(
                resource_id=given.resource_id,
                now=now,
                wanted=wanted,
                day=day,
                areas=areas,
                known_from=storing.version.known_from,
                reference=f"Master File of {day}",
                proposed_by=storing.proposer,
                approved_by=storing.actor,
                provenance={"dataset_version": storing.version, "line_no": given.line_no},
            )
    return reasons


def log_changes(
    storing: Storing, keys: Mapping[str, int], day: date, reasons: Mapping[str, str]
) -> int:
    """Keep what the day's file says otherwise than the one before; return how many changes."""
    before = selectors.records_before(day)
    if before is None:
        return 0
    old = {r["resource_id"]: r for r in before.iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    for record in storing.frame.iter_rows(named=True):
        was = old.pop(record["resource_id"], None)
        code, line = record["resource_id"], record["line_no"]
        said = reasons.get(code, f"holds from {day}")
        if was is None:
            rows.append(_change(code, line, "RECORD", None, "new", said))
            continue
        rows += [
            _change(
                code,
                line,
                name.upper(),
                _text(name, was[name]),
                _text(name, record[name]),
                said if name != "pmax_mw" or "0048" not in said else f"kept: {said}",
            )
            for name in COMPARED
            if was[name] != record[name]
        ]
    rows += [
        _change(code, 0, "RECORD", "there", None, "no record in this file") for code in sorted(old)
    ]
    if rows:
        all_keys = {**selectors.resource_keys({r["code"] for r in rows}), **keys}
        frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
            pl.col("code").replace_strict(all_keys, return_dtype=pl.Int64).alias("resource_id"),
            pl.lit(storing.version.pk).alias("dataset_version_id"),
            pl.lit(day).alias("day"),
        )
        copy_rows(MasterFileChange, frame.drop("code"))
    return len(rows)


def _change(
    code: str, line: int, field: str, before: str | None, after: str | None, effect: str
) -> dict[str, Any]:
    return {
        "code": code,
        "line_no": line,
        "field": field,
        "before": before,
        "after": after,
        "effect": effect[:300],
    }


def _text(name: str, value: Any) -> str | None:
    if value is None:
        return None
    return MW.text(MW.from_scaled(value)) if name in MEGAWATTS else str(value)

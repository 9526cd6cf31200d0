"""Check and store contract terms, and NQC/EFC of RMR resources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from apps.audit.services import term_end, term_supersede
from apps.designations import selectors
from apps.designations.models import CapacityByTac, ContractPrice, RmrContract
from apps.designations.rules import PMAX_TOLERANCE, check_contract_rows
from apps.designations.selectors import NOW
from apps.kernel.findings import Finding, Severity
from apps.kernel.quantity import MW, USD_PER_MW_DAY
from apps.kernel.tradetime import Span, month_span
from apps.resources.rules import NEW_TARIFF_CUTOFF, check_nqc_efc, rmr_vintage
from apps.resources.selectors import (
    local_areas,
    pmax_of,
    resource_ids,
    sc_of,
    tac_areas,
)
from apps.resources.services import unknown_codes
from apps.uploads.terms import Storing


def check_contract_terms(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Finding]:
    """Check contract terms: rows that belong together agree, dates, capacity, one at a time."""
    keys = resource_ids(set(frame["resource_id"].to_list()))
    found = unknown_codes(frame, "resource_id", "RESOURCE_ID", keys, "CON-RES", "resource")
    if found:
        return found
    groups = frame.partition_by(["contract_id", "start_date"], maintain_order=True)
    spans: dict[str, list[tuple[Span, str, int]]] = {}
    for group in groups:
        rows = group.to_dicts()
        first = rows[0]
        start: date = first["start_date"]
        rules = selectors.rules_of(start)
        pmax = pmax_of({keys[first["resource_id"]]}, start, NOW)
        found += check_contract_rows(
            rows,
            cutoff=rules.at(NEW_TARIFF_CUTOFF, start),
            pmax_mw=pmax.get(keys[first["resource_id"]]),
            tolerance_mw=rules.at(PMAX_TOLERANCE, start),
        )
        if first["end_date"] >= start:
            span = Span.through(start, first["end_date"])
            found += _overlaps(first, span, spans, keys)
            found += _ending(rows, span)
    return found


def _overlaps(
    row: Mapping[str, Any],
    span: Span,
    spans: dict[str, list[tuple[Span, str, int]]],
    keys: Mapping[str, int],
) -> list[Finding]:
    resource, contract, line = row["resource_id"], row["contract_id"], row["line_no"]
    found = [
        Finding("CON-OVERLAP", f"The dates overlap those of {other} in row {above}.", line,
                "START_DATE")
        for held, other, above in spans.setdefault(resource, [])
        if held.overlaps(span)
    ]  # fmt: skip
    spans[resource].append((span, contract, line))
    on_file = RmrContract.objects.filter(
        resource_id=keys[resource], known__contains=NOW, valid__overlap=(span.first, span.end)
    ).exclude(contract_no=contract)
    found += [
        Finding("CON-OVERLAP", f"{resource} is already under contract {c.contract_no} from "
                f"{c.span.first} to {c.span.last}.", line, "RESOURCE_ID")
        for c in on_file
    ]  # fmt: skip
    return found


def _ending(rows: list[dict[str, Any]], span: Span) -> list[Finding]:
    """Warn of capacity on file that the file leaves out: it ends for these dates."""
    stated = {(r["tac_area"], r["obligation_type"]) for r in rows}
    left_out = [
        c
        for c in _capacity_on_file(rows[0]["contract_id"], span)
        if (c.tac_area.code, c.obligation_type) not in stated
    ]
    return [
        Finding("CON-ENDS", f"{MW.text(c.mw)} MW {c.obligation_type} in {c.tac_area.code} are on "
                "file but not in these rows; they end for these dates.", rows[0]["line_no"],
                "TAC_AREA", Severity.WARNING)
        for c in left_out
    ]  # fmt: skip


def _capacity_on_file(contract_no: str, span: Span) -> list[CapacityByTac]:
    return list(
        CapacityByTac.objects.filter(
            contract_no=contract_no, known__contains=NOW, valid__overlap=(span.first, span.end)
        ).select_related("tac_area")
    )


def store_contract_terms(storing: Storing) -> None:
    """Let the contracts, prices and capacities of the file hold over their dates."""
    keys = resource_ids(set(storing.frame["resource_id"].to_list()))
    tac, local = tac_areas(), local_areas()
    for group in storing.frame.partition_by(["contract_id", "start_date"], maintain_order=True):
        rows = group.to_dicts()
        first = rows[0]
        span = Span.through(first["start_date"], first["end_date"])
        contract = {"contract_no": first["contract_id"]}
        _hold(
            storing, RmrContract, first, span, contract,
            {
                "resource_id": keys[first["resource_id"]],
                "effective_date": first["effective_date"],
                "condition": first["condition"],
                "scope": first["scope"],
                "local_area_id": local.get(first["local_area"] or ""),
                "nonperformance": first["nonperformance"],
                "is_synthetic": any(r["source"].startswith("SYNTHETIC") for r in rows),
            },
        )  # fmt: skip
        if first["price"]:
            price = {"price": USD_PER_MW_DAY.from_scaled(first["price"])}
            _hold(storing, ContractPrice, first, span, contract, price)
        else:
            term_end(
                model=ContractPrice, key=contract, span=span, known_from=storing.version.known_from
            )
        _store_capacity(storing, rows, span, contract, tac)


def _store_capacity(
    storing: Storing,
    rows: list[dict[str, Any]],
    span: Span,
    contract: dict[str, Any],
    tac: Mapping[str, int],
) -> None:
    stated = {(tac[r["tac_area"]], r["obligation_type"]) for r in rows}
    for old in _capacity_on_file(contract["contract_no"], span):
        key = (old.tac_area_id, old.obligation_type)
        if key not in stated:
            term_end(
                model=CapacityByTac,
                key={**contract, "tac_area_id": key[0], "obligation_type": key[1]},
                span=span,
                known_from=storing.version.known_from,
            )
    for row in rows:
        key_of_row = {
            **contract,
            "tac_area_id": tac[row["tac_area"]],
            "obligation_type": row["obligation_type"],
        }
        _hold(storing, CapacityByTac, row, span, key_of_row, {"mw": MW.from_scaled(row["mw"])})


def _hold(
    storing: Storing,
    model: type[Any],
    row: Mapping[str, Any],
    span: Span,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
) -> None:
    term_supersede(
        model=model,
        key=key,
        values=values,
        span=span,
        known_from=storing.version.known_from,
        reference=row["source"],
        proposed_by=storing.proposer,
        approved_by=storing.actor,
        provenance={"dataset_version": storing.version, "line_no": row["line_no"]},
    )


def current_contract_terms(period: str) -> pl.DataFrame | None:
    """Return the contract terms known now, to compare an upload with."""
    return selectors.contract_frame()


def owner_of_contract_row(row: Mapping[str, str]) -> int | None:
    """Return the SC whose resource a contract row is about, on the row's first date."""
    try:
        return _owner(row["resource_id"], date.fromisoformat(row["start_date"]))
    except ValueError:
        return None


def owner_of_nqc_row(row: Mapping[str, str]) -> int | None:
    """Return the SC whose resource an NQC row is about, on the first of its month."""
    try:
        return _owner(row["resource_id"], date(int(row["ra_year"]), int(row["ra_month"]), 1))
    except ValueError:
        return None


def _owner(resource: str, day: date) -> int | None:
    return next((a.sc_id for a in sc_of(day, NOW) if a.resource.code == resource), None)


def check_rmr_nqc_efc(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Finding]:
    """Check an NQC/EFC upload row by row against resources and RMR contracts (BRQ-0105)."""
    keys = resource_ids(set(frame["resource_id"].to_list()))
    found: list[Finding] = []
    for (year, month), part in frame.partition_by(["ra_year", "ra_month"], as_dict=True).items():
        span = month_span(int(year), int(month))
        cutoff = selectors.rules_of(span.first).at(NEW_TARIFF_CUTOFF, span.first)
        held = selectors.vintages(set(keys.values()), span, cutoff)
        pmax = pmax_of(set(keys.values()), span.first, NOW)
        for row in part.iter_rows(named=True):
            key = keys.get(row["resource_id"], 0)
            effective = held.get(key)
            found += check_nqc_efc(
                row,
                known=key > 0,
                vintage=rmr_vintage(effective_date=effective, cutoff=cutoff) if effective else None,
                pmax_mw=pmax.get(key),
            )
    return found


def period_ra_year(frame: pl.DataFrame, options: Mapping[str, str]) -> pl.Series:
    """Each row belongs to its RA year."""
    return frame["ra_year"].cast(pl.String)

"""NQC/EFC files of RMR resources: check each row (BRQ-0105)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from apps.platform.core.tradetime import Span, month_span
from apps.platform.core.violations import Violation
from apps.reference.resources.rules import NEW_TARIFF_CUTOFF, check_nqc_efc, rmr_vintage
from apps.reference.resources.selectors import pmax_of, resource_ids, sc_of
from apps.reference.resources.services import unknown_resources
from apps.reliability.designations import selectors
from apps.reliability.designations.selectors import NOW


def owner_of_nqc_row(row: Mapping[str, str]) -> int | None:
    """Return the SC whose resource an NQC row is about, on the first of its month."""
    try:
        return sc_on(row["resource_id"], date(int(row["ra_year"]), int(row["ra_month"]), 1))
    except ValueError:
        return None


def sc_on(resource: str, day: date) -> int | None:
    """Return the SC of a resource on a day."""
    return next((a.sc_id for a in sc_of(day, NOW) if a.resource.code == resource), None)


def effective_within(resource_ids: set[int], span: Span) -> dict[int, date]:
    """Return the latest effective date by which each resource is RMR on a day of a span."""
    found: dict[int, date] = {}
    for s in selectors.rmr_spans(resource_ids):
        if s.first <= span.last and s.last >= span.first:
            found[s.resource_id] = max(s.effective_date, found.get(s.resource_id, date.min))
    return found


def check_rmr_nqc_efc(frame: pl.DataFrame, options: Mapping[str, str]) -> list[Violation]:
    """Check an NQC/EFC upload row by row against resources and RMR contracts (BRQ-0105)."""
    found = unknown_resources(frame, "RESOURCE_ID", "RMR-E-0105A")
    frame = frame.filter(~pl.col("line_no").is_in([f.line for f in found]))
    keys = resource_ids(set(frame["resource_id"].to_list()))
    for (year, month), part in frame.partition_by(["ra_year", "ra_month"], as_dict=True).items():
        span = month_span(int(year), int(month))
        cutoff = selectors.rules_of(span.first).at(NEW_TARIFF_CUTOFF, span.first)
        held = effective_within(set(keys.values()), span)
        pmax = pmax_of(set(keys.values()), span.first, NOW)
        for row in part.iter_rows(named=True):
            key = keys[row["resource_id"]]
            effective = held.get(key)
            found += check_nqc_efc(
                row,
                vintage=rmr_vintage(effective_date=effective, cutoff=cutoff) if effective else None,
                pmax_mw=pmax.get(key),
            )
    return found

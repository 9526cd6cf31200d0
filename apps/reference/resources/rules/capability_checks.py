"""Checks of one row of an NQC/EFC upload for RMR resources."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.platform.core.quantity import MW
from apps.platform.core.rulebook import implements
from apps.platform.core.violations import Severity, Violation
from apps.reference.resources.codes import Vintage


@implements("BRQ-0105", source="BRS 1.2 section 6.2.1")
def check_nqc_efc(
    row: Mapping[str, Any], *, vintage: Vintage | None, pmax_mw: Decimal | None
) -> list[Violation]:
    """Return what is wrong with one row of NQC, EFC, flexible category and local area.

    row: ``line_no``, ``resource_id``, ``ra_year``, ``ra_month``, ``nqc_mw`` and ``efc_mw`` in
    stored steps of MW, ``flex_category`` (1 to 3 or None). vintage: that of its RMR contract or
    designation in the month, None without either. pmax_mw: None where none is on file. Only
    new-tariff RMR may be listed. Source: BRQ-0105.
    """
    line, name = row["line_no"], row["resource_id"]
    month = f"{row['ra_year']}-{row['ra_month']:02d}"
    found: list[Violation] = []

    if vintage is not Vintage.NEW:
        why = "its contract is legacy" if vintage else "it has no RMR contract or designation then"
        sentence = f"{name} is not an active new-tariff RMR in {month}: {why}."
        found.append(Violation("RMR-E-0105B", sentence, line, "RESOURCE_ID"))
    found += _above_pmax(row, pmax_mw) + _flexible(row)
    return found


def _above_pmax(row: Mapping[str, Any], pmax_mw: Decimal | None) -> list[Violation]:
    line = row["line_no"]
    if pmax_mw is None:
        sentence = f"No Pmax of {row['resource_id']} is on file to check against."
        return [Violation("RMR-W-0105C", sentence, line, "NQC_MW", Severity.WARNING)]
    found = []
    for column in ("NQC_MW", "EFC_MW"):
        value = MW.from_scaled(row[column.lower()] or 0)
        if value > pmax_mw:
            label = column.removesuffix("_MW")
            sentence = f"{label} {MW.text(value)} exceeds Pmax {MW.text(pmax_mw)} MW."
            found.append(Violation("RMR-E-0105C", sentence, line, column))
    return found


def _flexible(row: Mapping[str, Any]) -> list[Violation]:
    flexible, category = (row["efc_mw"] or 0) > 0, row["flex_category"]
    if flexible == (category is not None):
        return []
    sentence = (
        "A flexible category (1, 2 or 3) is required when EFC is above 0."
        if flexible
        else "The flexible category must be blank when EFC is 0."
    )
    return [Violation("RMR-E-0105D", sentence, row["line_no"], "FLEX_CATEGORY")]

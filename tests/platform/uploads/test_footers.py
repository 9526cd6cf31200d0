"""Totals and notes of published lists: what is left out, and what is judged as a row."""

from __future__ import annotations

import polars as pl
import pytest

from apps.platform.core.violations import Severity
from apps.platform.uploads.rules import without_footers
from apps.reference.market.layouts import DEMAND_ROW
from apps.reference.resources.layouts import PUBLIC_NQC_ROW

WARNING, INFO = Severity.WARNING, Severity.INFO


def of(layout=PUBLIC_NQC_ROW, **cells):
    schema = {"line_no": pl.Int64} | {f.name: pl.String for f in layout.fields}
    return without_footers(pl.DataFrame([{"line_no": 7} | cells], schema=schema), layout)


@pytest.mark.parametrize(
    "cells",
    [
        {"resource_id": "Total", "jan": "280.2"},
        {"resource_id": "TOTALS", "jan": "280.2"},
        {"resource_id": "Grand Total", "jan": "280.2"},
        {"resource_id": "Sub-total: Bay Area", "jan": "280.2"},
        {"resource_id": "Total (MW)", "jan": "280.2"},
        {"resource_id": "TOTAL 2027", "jan": "280.2"},
        {"resource_id": "Sum", "jan": "280.2"},
        {"resource_id": "Average", "jan": "140.1"},
        {"generator_name": "Total", "jan": "280.2"},
        {"comments": "System total", "jan": "280.2"},
    ],
)
def test_a_total_is_left_out_with_a_warning(cells):
    frame, found = of(**cells)
    assert frame.is_empty()
    assert [(f.code, f.line, f.column, f.severity) for f in found] == [
        ("UP-TOTAL", 7, "Resource ID", WARNING)
    ]


@pytest.mark.parametrize(
    ("cells", "severity"),
    [
        ({"resource_id": "Notes:"}, INFO),
        ({"resource_id": "* preliminary"}, INFO),
        ({"resource_id": "* preliminary", "generator_name": "subject to change"}, WARNING),
        ({"resource_id": "Source: the ISO's public list, see file nqc_2027.xlsx for more"}, INFO),
        ({"resource_id": "As of 2026-11-30"}, INFO),
        ({"resource_id": "(1) units under contract"}, INFO),
        ({"resource_id": "Values are in megawatts; those of SUNSET_2_UNITS are old."}, INFO),
        ({"generator_name": "End of report"}, INFO),
        ({"comments": "Values are in megawatts"}, INFO),
    ],
)
def test_a_note_is_left_out(cells, severity):
    frame, found = of(**cells)
    assert frame.is_empty()
    assert [(f.code, f.line, f.severity) for f in found] == [("UP-NOTE", 7, severity)]


@pytest.mark.parametrize(
    "cells",
    [
        {"resource_id": "SUNSET_2_UNITS"},
        {"resource_id": "OAK C_7_UNIT 1", "jan": "1"},
        {"resource_id": "TOTAL_1_UNIT", "jan": "1"},
        {"resource_id": "NOTES_2_UNIT"},
        {"resource_id": "sunset_2_units"},  # misspelled: an error, not a note
        {"resource_id": "SUNSET_2_UNITS\u200b"},
        {"resource_id": "Sunset", "jan": "1"},
        {"generator_name": "Sunset", "jan": "1"},  # its ID is missing: an error
        {"generator_name": "Total Energies North Wind", "jan": "1"},
    ],
)
def test_a_row_stays_a_row(cells):
    frame, found = of(**cells)
    assert (frame.height, found) == (1, [])


def test_a_file_named_by_an_id_leaves_a_total_out_and_names_it():
    frame, found = of(DEMAND_ROW, sc_id="Total", mwh="3")
    assert frame.is_empty()
    assert [(f.code, f.column, f.severity) for f in found] == [("UP-TOTAL", "SC_ID", WARNING)]
    frame, found = of(DEMAND_ROW, sc_id="* preliminary")
    assert frame.is_empty()
    assert [(f.code, f.severity) for f in found] == [("UP-NOTE", INFO)]


@pytest.mark.parametrize("name", ["Source 2", "Prepared Energy", "Note Creek", "Revised 1"])
def test_figures_beside_a_name_like_a_note_are_not_left_out(name):
    """given a file of money; when a name begins like a note; then its row is judged as a row"""
    frame, found = of(DEMAND_ROW, sc_id=name, mwh="3")
    assert (frame.height, found) == (1, [])
    frame, found = of(DEMAND_ROW, sc_id=name)
    assert (frame.height, [f.code for f in found]) == (0, ["UP-NOTE"])


@pytest.mark.parametrize("name", ["SYN_LSE_BAY", "SYN LSE BAY", "TOTAL_LSE", "Basin"])
def test_only_a_published_list_takes_a_row_of_one_cell_for_a_note(name):
    frame, found = of(DEMAND_ROW, sc_id=name)
    assert (frame.height, found) == (1, [])

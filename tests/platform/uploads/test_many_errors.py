"""A column with any number of wrong cells ends in a refusal, and the other rows are judged."""

from __future__ import annotations

from functools import partial

import polars as pl
import pytest

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.uploads.rules import columns, not_all_named, typed_columns
from apps.platform.uploads.services import rejected_rows
from apps.platform.uploads.services.reading import read_sheet
from apps.reference.resources.services import periods

pytestmark = pytest.mark.brq("BRQ-0105")
HEAD = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
GOOD = "SYN_LSE_BAY,PGE-TAC,2024-10-01,%d,1\n"
WRONG = "SYN_LSE_BAY,PGE-TAC,2024-10-02,%d,x\n"
LAYOUT = FileLayout(
    "r",
    (
        Field("a", "A", FieldType.INTEGER),
        Field("b", "B", FieldType.DATE),
        Field("c", "C", FieldType.TEXT, required=False, max_length=3),
    ),
    key=("a",),
)


def raw(rows):
    frame = pl.DataFrame(rows, schema=["a", "b", "c"], orient="row", strict=False)
    return frame.with_columns(line_no=pl.int_range(2, len(rows) + 2, dtype=pl.Int64))


def test_the_mask_tells_of_every_row_whatever_is_named(monkeypatch):
    rows = [("x", "2024-01-01", "ok")] * 5 + [
        ("1", "2024-01-01", "ok"),
        ("2", None, "ok"),
        ("3", "2024-01-01", "long"),
        ("#N/A", "2024-01-01", None),
        ("1", "2024-01-01", None),
        ("4", "2024-01-01", None),
    ]
    whole = typed_columns(raw(rows), LAYOUT)
    assert whole.wrong.to_list() == [True] * 5 + [False, True, True, True, True, False]
    named = {f.line for f in whole.violations}
    assert named == {n for n, wrong in enumerate(whole.wrong, start=2) if wrong}
    monkeypatch.setattr(columns, "MOST_PER_COLUMN", 2)
    few = typed_columns(raw(rows), LAYOUT)
    assert few.wrong.to_list() == whole.wrong.to_list()
    assert [f.message for f in few.violations if f.code == "UP-MANY"] == [
        "A is wrong in 5 rows; the first 2 are named."
    ]
    monkeypatch.setattr(columns, "MOST_IN_ALL", 2)
    monkeypatch.setattr(columns, "FEW_PER_COLUMN", 1)
    rows = [("x", "y", "long")] * 4
    fewer = [f.line for f in typed_columns(raw(rows), LAYOUT).violations if f.code != "UP-MANY"]
    assert fewer == [2, 3, 2, 2]


@pytest.mark.django_db
def test_rows_beyond_the_named_ones_are_judged_and_the_file_refused(send, monkeypatch):
    monkeypatch.setattr(columns, "MOST_PER_COLUMN", 2)
    stranger = "NOBODY_KNOWN,PGE-TAC,2024-10-01,24,1\n"
    text = HEAD + "".join(WRONG % n for n in range(1, 8)) + GOOD % 1 + stranger
    upload = send("metered-demand", text)
    said = set(upload.violations.values_list("line", "column"))
    assert (10, "SC_ID") in said  # the row of a stranger, after seven that are wrong
    assert upload.violations.filter(code="UP-MANY", line=0).count() == 1
    assert upload.state == "REFUSED"
    assert len(rejected_rows(upload).splitlines()) == 4  # headings, two named rows, the stranger


def test_codes_that_nobody_knows_are_named_up_to_a_bound(monkeypatch):
    frame = pl.DataFrame({"line_no": range(2, 9), "sc": [f"N{n}" for n in range(7)]})
    monkeypatch.setattr(periods, "MOST_PER_COLUMN", 3)
    monkeypatch.setattr(periods, "not_all_named", partial(not_all_named, most=3))
    found = periods.unknown_codes(frame, "sc", "SC_ID", ["A"], "MKT-SC", "active SC")
    assert [(f.code, f.line) for f in found] == [
        ("MKT-SC", 2),
        ("MKT-SC", 3),
        ("MKT-SC", 4),
        ("UP-MANY", 0),
    ]
    assert found[-1].message == "SC_ID is wrong in 7 rows; the first 3 are named."


@pytest.mark.django_db
def test_more_wrong_cells_than_are_ever_named_are_refused(send):
    upload = send("metered-demand", HEAD + "a,b,c,d,e\n" * 45_000)
    assert upload.state == "REFUSED"
    assert upload.error_count < 70_000
    assert upload.violations.count() <= 5_001


def test_rows_that_end_long_before_the_last_heading_are_refused_at_once(monkeypatch):
    from apps.platform.uploads.services import csv_table

    monkeypatch.setattr(csv_table, "MOST_UNWRITTEN", 10)
    sheet = read_sheet(("A,B,C\n" + "1\n" * 40).encode(), LAYOUT)
    assert [(f.code, f.message) for f in sheet.violations] == [
        (
            "UP-EXTENT",
            "The file has 41 rows under 3 headings; most of them end long before the last. Fill "
            "them in, or send the file in parts.",
        )
    ]
    assert read_sheet(("A,B,C\n" + "1,,\n" * 40).encode(), LAYOUT).frame.height == 40

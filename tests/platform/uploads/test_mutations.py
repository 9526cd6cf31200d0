"""Every kind of file, every column, spoiled in turn: refused at its place or read as declared.

Never silently different: a spoiled cell changes no other cell, and what a blank is read as is
counted. The rows are those of the templates; the ways to write them are those of people and
programs.
"""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from apps.platform.core.layouts import FieldType
from apps.platform.uploads.hooks import UPLOAD_KINDS
from apps.platform.uploads.rules import defaulted, typed_frame
from apps.platform.uploads.services import read_sheet
from tests.platform.uploads.mutations import MUTATIONS, REFUSED, SAME
from tests.platform.uploads.workbooks import PRODUCERS, packed, workbook

pytestmark = pytest.mark.brq("BRQ-0105")
KINDS = list(UPLOAD_KINDS)


def as_csv(separator):
    def write(rows):
        target = io.StringIO()
        csv.writer(target, delimiter=separator, lineterminator="\r\n").writerows(rows)
        return target.getvalue().encode()

    return write


def as_book(producer):
    return lambda rows: workbook({"S": rows}, PRODUCERS[producer])


def as_zip(rows):
    return packed({"report.csv": as_csv(",")(rows).decode()})


FORMS = {
    "csv": as_csv(","),
    "semicolons": as_csv(";"),
    "tabs": as_csv("\t"),
    "zip": as_zip,
    "workbook": as_book("shared texts"),
    "other workbook": as_book("prefixed, strict, no references"),
}
TEXTS = ("csv", "semicolons", "tabs", "zip")


def right_row(layout):
    """Return a row of the template; texts that may be blank are filled in too."""
    example = layout.examples[0] if layout.examples else {}
    return [example.get(f.name, f.example) for f in layout.fields]


def read(content, layout):
    """Return the typed rows, the texts they came from, and the errors by row and column."""
    sheet = read_sheet(content, layout)
    frame, shape = typed_frame(sheet.frame, layout)
    errors = {
        (f.line, f.column): f
        for f in [*sheet.violations, *shape]
        if f.severity == "error" and f.code != layout.double_code
    }
    return frame, sheet, errors


def holds(field, mutation, right, typed, refused):
    """Whether one spoiled cell is refused at its place, or read as is declared."""
    if mutation.becomes == SAME:
        return typed == right and not refused
    if refused:
        return True
    match mutation.becomes:
        case "refused":
            return False
        case "blank":
            return not field.required and (typed in (None, "") or bool(field.default))
        case "as written":
            return typed.endswith(("\u200b", "é–“"))
        case date():
            return typed == mutation.becomes
    return typed == mutation.becomes(field)


def spoiled_rows(layout, row, form):
    """Return (mutation, position, row) of each mutation of each column that it is for."""
    found = []
    for mutation in MUTATIONS:
        for n, field in enumerate(layout.fields):
            text = mutation.write(row[n])
            # XML holds no control characters, and no text file a NUL
            held = "\x07" not in text or form in TEXTS
            if field.type in mutation.types and text not in field.blanks and held:
                found.append((mutation, n, [*row[:n], text, *row[n + 1 :]]))
    return found


@pytest.mark.turns(3)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_a_spoiled_cell_is_refused_or_read_as_declared(kind, form):
    layout = kind.layout
    row = right_row(layout)
    spoiled = spoiled_rows(layout, row, form)
    frame, sheet, errors = read(
        FORMS[form]([layout.headers, row, *(r for _, _, r in spoiled)]), layout
    )
    read_rows = {r["line_no"]: r for r in frame.iter_rows(named=True)}
    base = read_rows.pop(2)
    told = {f.line for f in sheet.violations}
    wrong = {}
    for line, column in errors:
        wrong.setdefault(line, set()).add(column)
    assert 2 not in wrong
    for line, (mutation, n, _) in enumerate(spoiled, start=3):
        field, said = layout.fields[n], (mutation.name, layout.fields[n].header)
        if line not in read_rows:  # a name that was spoiled into a note's: left out, and said
            assert line in told, said
            assert mutation.becomes != REFUSED, said
            continue
        typed, refused = read_rows[line][field.name], field.header in wrong.get(line, ())
        assert holds(field, mutation, base[field.name], typed, refused), (*said, typed)
        assert wrong.get(line, set()) <= {field.header}, said
        same = {f.name: base[f.name] for f in layout.fields if f is not field}
        assert {name: read_rows[line][name] for name in same} == same, said


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_blanks_that_are_read_as_a_value_are_counted(kind):
    layout = kind.layout
    row = right_row(layout)
    with_default = [f for f in layout.fields if f.default]
    blank = ["" if f in with_default else cell for f, cell in zip(layout.fields, row, strict=True)]
    frame, sheet, errors = read(FORMS["csv"]([layout.headers, row, blank, blank]), layout)
    assert not errors
    assert {d.column: (d.value, d.cells) for d in defaulted(sheet.frame, layout)} == {
        f.header: (f.default, 2 + (not row[layout.fields.index(f)])) for f in with_default
    }
    for field in with_default:
        assert frame[field.name].null_count() == 0
        assert field.default in field.when_blank


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_a_row_cut_off_is_refused_where_it_ends(kind):
    layout = kind.layout
    row = right_row(layout)
    lengths = [n for n in range(2, len(row)) if sum(bool(c) for c in row[:n]) > 1]
    content = FORMS["csv"]([layout.headers, row, *(row[:n] for n in lengths)])
    _, _, errors = read(content, layout)
    for line, length in enumerate(lengths, start=3):
        counting = {
            f.header
            for f in layout.fields[length:]
            if f.type is not FieldType.TEXT or (f.required and f.default is None)
        }
        assert {column for at, column in errors if at == line} >= counting, length


@pytest.mark.turns(3, of=("apps/platform/uploads/", "apps/platform/core/"))
@pytest.mark.parametrize("form", ["csv", "workbook"])
@pytest.mark.parametrize("footer", ["Total", "* preliminary", "Grand total"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.code)
def test_a_total_or_note_is_named_and_left_out_or_refused(kind, footer, form):
    layout = kind.layout
    row = right_row(layout)
    last = [
        footer if f.name == (layout.named_in or layout.fields[0].name) else ""
        for f in layout.fields
    ]
    if footer != "* preliminary":
        last = [
            cell or (right if f.type is FieldType.DECIMAL else "")
            for cell, right, f in zip(last, row, layout.fields, strict=True)
        ]
    frame, sheet, errors = read(FORMS[form]([layout.headers, row, last]), layout)
    named = [f for f in sheet.violations if f.line == 3]
    if layout.named_in:
        assert frame.height == 1
        assert [f.code for f in named] == ["UP-NOTE" if footer[0] == "*" else "UP-TOTAL"]
    else:
        assert named or any(line == 3 for line, _ in errors), frame.rows()

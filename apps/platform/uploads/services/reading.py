"""From bytes to columns of text: CSV, XLSX and plain XML, one way for every kind of file."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import polars as pl

from apps.platform.core.layouts import FieldType, FileLayout
from apps.platform.core.violations import Severity, Violation
from apps.platform.core.zipped import MOST_PARTS, too_many_parts
from apps.platform.uploads.rules import cut_numbers, without_footers, without_headings
from apps.platform.uploads.rules.error_cells import NO_CELL
from apps.platform.uploads.services.csv_table import (
    MOST_LOOKED_AT,
    SEPARATORS,
    beginning,
    csv_cells,
    csv_lines,
    csv_table,
    csv_text,
)
from apps.platform.uploads.services.headings import (
    in_two_rows,
    left_out,
    matched,
    nameless,
    no_headings,
    two_rows,
)
from apps.platform.uploads.services.lookalikes import foreign, not_a_table, unpacked
from apps.platform.uploads.services.sheet_parts import Unfit
from apps.platform.uploads.services.sheet_scan import LOOKED_AT
from apps.platform.uploads.services.text_table import Table, Unreadable
from apps.platform.uploads.services.workbook import first_tables
from apps.platform.uploads.services.xlsx_table import xlsx_table
from apps.platform.uploads.services.xml_table import first_xml_names, xml_table

ZIPPED = b"PK\x03\x04"


class NoSuchRow(LookupError):
    """A file has no row of that number."""


@dataclass(frozen=True)
class Sheet:
    """The texts of a file: ``line_no`` as a spreadsheet numbers rows, one column per field."""

    frame: pl.DataFrame
    headings: list[str]
    violations: list[Violation]

    @property
    def readable(self) -> bool:
        """Whether rows could be read at all."""
        return not any(f.severity is Severity.ERROR for f in self.violations)


def read_sheet(content: bytes, layout: FileLayout) -> Sheet:
    """Return the rows of a CSV, XLSX or XML file under the record's field names.

    Headings stand in the row that holds most of them within the first rows of the file; title rows
    above are left out. Headings are matched without regard to case and
    outer blanks, in any order; a heading that the
    record does not know is a warning, a missing one an error. Blank rows are left out and keep
    their numbers; so are totals, notes and repeated headings, each said in a violation. What cannot
    be read at all is one error violation and no rows.
    """
    try:
        table = _table(content, layout)
    except Unreadable as trouble:
        return unreadable_sheet(layout, trouble)
    cells = table.cells
    headings = [str(cell or "").strip() for cell in cells.row(0)] if cells.height else []
    found, violations = matched(headings, layout, table.above + 1)
    body = cells.slice(1)
    split = in_two_rows(headings, table.before, body.head(1).rows(), layout, found)
    if not found:
        violations = [Violation("UP-MISSING", no_headings(headings), table.above + 1)]
    elif split:
        violations = [two_rows(table.above + max(split, 0))]
    unnamed = (
        []
        if split or not found
        else [n for n, h in enumerate(headings) if not h and _filled(body.to_series(n))]
    )
    violations += nameless(unnamed, layout, found, table.above + 1, table.left_out)
    violations = [*table.violations, *violations]
    if any(f.severity is Severity.ERROR for f in violations):
        return Sheet(_empty(layout), headings, violations)
    violations += left_out(layout, found, table.above + 1)
    frame = _named(table, layout, found)
    frame, said = without_headings(frame, layout, {n: headings[p] for n, p in found.items()})
    frame, notes = without_footers(frame, layout)
    violations += [*said, *notes]
    if table.separator == ",":
        violations += cut_numbers(frame, layout, found)
    if frame.is_empty():
        violations.append(Violation("UP-NO-ROWS", "The file has headings but no rows."))
    return Sheet(frame, headings, violations)


def unreadable_sheet(layout: FileLayout, trouble: Unreadable) -> Sheet:
    """Return a sheet without rows that says why a file cannot be read."""
    return Sheet(_empty(layout), [], [trouble.violation])


def _filled(cells: pl.Series) -> bool:
    return bool((cells.str.strip_chars() != "").any())


def _named(table: Table, layout: FileLayout, found: dict[str, int]) -> pl.DataFrame:
    """Return the rows below the headings by field, without blank ones.

    A word stands where a row of several cells ends before a column in which a blank would count.
    """
    body = table.cells.slice(1)
    numbers = range(table.above + 2, table.above + table.cells.height + 1)
    columns = {"line_no": pl.Series(numbers, dtype=pl.Int64)}
    for field in layout.fields:
        position = found.get(field.name)
        texts = (
            body.to_series(position)
            if position is not None
            else pl.Series([None] * body.height, dtype=pl.String)
        )
        columns[field.name] = texts.str.strip_chars().replace("", None)
    frame = pl.DataFrame(columns)
    names = [pl.col(f.name).is_not_null() for f in layout.fields]
    filled = pl.any_horizontal(names)
    if table.widths is not None:
        widths, several = table.widths.slice(1), pl.sum_horizontal(names) > 1
        frame = frame.with_columns(
            pl.when(several & (widths <= found[f.name]))
            .then(pl.lit(NO_CELL))
            .otherwise(f.name)
            .alias(f.name)
            for f in layout.fields
            if f.name in found and f.type is not FieldType.TEXT
        )
    return frame.filter(filled)


def first_rows(content: bytes) -> list[list[list[str]]]:
    """Return the first rows of a file, once for each way it may be cut: separators, sheets.

    Raises Unreadable for bytes that are no table.
    """
    plain, _ = _plain(content, most=MOST_LOOKED_AT + 1)
    if plain[:4] == ZIPPED:
        try:
            tables = first_tables(plain)
        except Unfit as trouble:
            raise Unreadable(trouble.code, str(trouble)) from trouble
        return [[[cell or "" for cell in row] for row in table] for table in tables]
    if _begins_as_xml(plain):
        return [[first_xml_names(plain)]]
    text = csv_text(beginning(plain))
    lines = list(itertools.islice(csv_lines(text), LOOKED_AT))
    return [[csv_cells(line, separator) for line in lines] for separator in SEPARATORS]


def raw_row(content: bytes, line_no: int, layout: FileLayout) -> list[tuple[str, str]]:
    """Return one row as received: (heading, cell) pairs; raises NoSuchRow beyond the file."""
    table = _table(content, layout)
    position = line_no - table.above - 1
    if not 1 <= position < table.cells.height:
        raise NoSuchRow(f"The file has no row {line_no}.")
    return [
        (str(heading or ""), str(cell or ""))
        for heading, cell in zip(table.cells.row(0), table.cells.row(position), strict=True)
    ]


def _table(content: bytes, layout: FileLayout) -> Table:
    plain, said = _plain(content)
    if plain[:4] == ZIPPED:
        table = xlsx_table(plain, layout)
    elif _begins_as_xml(plain):
        table = xml_table(plain)
    else:
        table = csv_table(plain, layout)
    return replace(table, violations=[*said, *table.violations])


def _plain(content: bytes, most: int = 0) -> tuple[bytes, list[Violation]]:
    """Return the bytes of a table, out of a ZIP that holds it alone; raises Unreadable for others.

    most: how many bytes of a text out of a ZIP are enough. A ZIP within a ZIP is read as a
    workbook, which it may be.
    """
    said = []
    if content[:4] == ZIPPED:
        _listed(content)
        found = unpacked(content, most)
        if found.trouble:
            raise Unreadable("UP-FORMAT", found.trouble)
        if found.name:
            content = found.content
            _listed(content)
            told = f"Read from {found.name[-80:]}, the one table in the ZIP file."
            said = [Violation("UP-UNPACKED", told, severity=Severity.INFO)]
    sentence = foreign(content)
    if not sentence and _begins_as_xml(content):
        sentence = not_a_table(content)
    if sentence:
        raise Unreadable("UP-FORMAT", sentence)
    return content, said


def _listed(content: bytes) -> None:
    if too_many_parts(content):
        raise Unreadable(
            "UP-SIZE", f"The file is a ZIP of more than {MOST_PARTS:,} parts. Save it anew."
        )


def _begins_as_xml(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _empty(layout: FileLayout) -> pl.DataFrame:
    schema = {"line_no": pl.Int64} | {f.name: pl.String for f in layout.fields}
    return pl.DataFrame(schema=schema)

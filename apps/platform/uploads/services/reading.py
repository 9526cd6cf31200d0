"""From bytes to columns of text: CSV, XLSX and plain XML, one way for every kind of file."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml
import defusedxml.ElementTree
import polars as pl

from apps.platform.kernel.findings import Finding, Severity
from apps.platform.kernel.records import FieldType, Record
from apps.platform.uploads.rules.error_cells import (
    NO_RESULT,
    UNREADABLE,
    error_sentence,
    is_error_word,
)
from apps.platform.uploads.services.headings import headings_at, known_headings, matched, title_rows
from apps.platform.uploads.services.lookalikes import not_a_table, packed_file
from apps.platform.uploads.services.sheet_parts import Unfit
from apps.platform.uploads.services.sheet_scan import LOOKED_AT, Columns, reference
from apps.platform.uploads.services.workbook import Fit, Rows, Workbook, first_tables, read_workbook

SEPARATORS = (",", ";", "\t")
MOST_HEADINGS = 500
MOST_XML_ROWS = 200_000
MOST_LINES_A_ROW = 20
MOST_LOOKED_AT = 256 * 1024
MOST_XML_CELLS = 2_000
WORDS = {FieldType.TEXT, FieldType.CHOICE}


@dataclass(frozen=True)
class Sheet:
    """The texts of a file: ``line_no`` as a spreadsheet numbers rows, one column per field."""

    frame: pl.DataFrame
    headings: list[str]
    findings: list[Finding]

    @property
    def readable(self) -> bool:
        """Whether rows could be read at all."""
        return not any(f.severity is Severity.ERROR for f in self.findings)


class Unreadable(ValueError):
    """The bytes are no table; the finding says why."""

    def __init__(self, code: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.finding = Finding(code, message, line)


@dataclass(frozen=True)
class Table:
    """The texts of a file from its heading row on; ``above`` rows stand before it."""

    cells: pl.DataFrame
    above: int
    findings: list[Finding]


def read_sheet(content: bytes, record: Record) -> Sheet:
    """Return the rows of a CSV, XLSX or XML file under the record's field names.

    Headings stand in the row that holds most of them within the first rows of the file; title rows
    above are left out. Headings are matched without regard to case and
    outer blanks, in any order; a heading that the
    record does not know is a warning, a missing one an error. Blank rows are left out and keep
    their numbers. What cannot be read at all is one error finding and no rows.
    """
    try:
        table = _table(content, record)
    except Unreadable as trouble:
        return Sheet(_empty(record), [], [trouble.finding])
    cells = table.cells
    headings = [str(cell or "").strip() for cell in cells.row(0)] if cells.height else []
    found, findings = matched(headings, record, table.above + 1)
    findings = [*table.findings, *findings]
    if any(f.severity is Severity.ERROR for f in findings):
        return Sheet(_empty(record), headings, findings)
    body = cells.slice(1)
    numbers = range(table.above + 2, table.above + cells.height + 1)
    columns = {"line_no": pl.Series(numbers, dtype=pl.Int64)}
    for field in record.fields:
        position = found.get(field.name)
        texts = (
            body.to_series(position)
            if position is not None
            else pl.Series([None] * body.height, dtype=pl.String)
        )
        columns[field.name] = texts.str.strip_chars().replace("", None)
    frame = pl.DataFrame(columns)
    filled = pl.any_horizontal([pl.col(f.name).is_not_null() for f in record.fields])
    frame = frame.filter(filled)
    if frame.is_empty():
        findings.append(Finding("UP-NO-ROWS", "The file has headings but no rows."))
    return Sheet(frame, headings, findings)


def first_rows(content: bytes) -> list[list[list[str]]]:
    """Return the first rows of a file, once for each way it may be cut: separators, sheets.

    Raises Unreadable for bytes that are no table.
    """
    if content[:4] == b"PK\x03\x04":
        if sentence := packed_file(content):
            raise Unreadable("UP-FORMAT", sentence)
        try:
            tables = first_tables(content)
        except Unfit as trouble:
            raise Unreadable(trouble.code, str(trouble)) from trouble
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        if sentence := not_a_table(content):
            raise Unreadable("UP-FORMAT", sentence)
        return [[_first_xml_names(content)]]
    else:
        text = _text(_beginning(content))
        if "\n" not in text:
            text = text.replace("\r", "\n")
        lines = list(itertools.islice(_lines(text), LOOKED_AT))
        return [[_cells(line, separator) for line in lines] for separator in SEPARATORS]
    return [[[cell or "" for cell in row] for row in table] for table in tables]


def _beginning(content: bytes) -> bytes:
    """Return enough of a file to see its headings, cut between two lines."""
    if len(content) <= MOST_LOOKED_AT:
        return content
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        end = b"\n\x00" if content[:1] == b"\xff" else b"\x00\n"
        cut = content.rfind(end, 0, MOST_LOOKED_AT)
        return content[: cut + 2] if cut > 0 and cut % 2 == 0 else content[:MOST_LOOKED_AT]
    return content[: content.rfind(b"\n", 0, MOST_LOOKED_AT) + 1] or content[:MOST_LOOKED_AT]


def raw_row(content: bytes, line_no: int, record: Record) -> list[tuple[str, str]]:
    """Return one row as received: (heading, cell) pairs; raises LookupError beyond the file."""
    table = _table(content, record)
    position = line_no - table.above - 1
    if not 1 <= position < table.cells.height:
        raise LookupError(f"The file has no row {line_no}.")
    return [
        (str(heading or ""), str(cell or ""))
        for heading, cell in zip(table.cells.row(0), table.cells.row(position), strict=True)
    ]


def _table(content: bytes, record: Record) -> Table:
    if content[:4] == b"PK\x03\x04":
        if sentence := packed_file(content):
            raise Unreadable("UP-FORMAT", sentence)
        return _xlsx(content, record)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        if sentence := not_a_table(content):
            raise Unreadable("UP-FORMAT", sentence)
        return _xml(content)
    return _csv(content, record)


def _empty(record: Record) -> pl.DataFrame:
    schema = {"line_no": pl.Int64} | {f.name: pl.String for f in record.fields}
    return pl.DataFrame(schema=schema)


def _csv(content: bytes, record: Record) -> Table:
    text = _text(content)
    if "\n" not in text:  # line ends of old Macintosh programs
        text = text.replace("\r", "\n")
    lines = list(itertools.islice(_lines(text), LOOKED_AT))
    separator, head, above = _separated(lines, known_headings(record))
    start = sum(len(line) for line in lines[:above])
    body = text[start:]
    if len(head[above] if head else []) > MOST_HEADINGS:
        raise Unreadable(
            "UP-WIDE", f"The row of headings has more than {MOST_HEADINGS} columns.", above + 1
        )
    try:
        cells = pl.read_csv(
            io.BytesIO(body.encode()),
            has_header=False,
            infer_schema=False,
            separator=separator,
            quote_char='"',
        )
    except pl.exceptions.PolarsError as trouble:
        raise Unreadable(*_csv_trouble(body, separator, above)) from trouble
    return Table(cells, above, title_rows(above, head[:above]))


def _separated(lines: list[str], known: set[str]) -> tuple[str, list[list[str]], int]:
    """Return the separator that shows most headings, the first rows cut by it, and where they are.

    In doubt it is the one that stands most often in one row.
    """
    tried = []
    for separator in SEPARATORS:
        rows = [_cells(line, separator) for line in lines]
        above, most = headings_at(rows, known)
        tried.append(
            (
                most,
                max((line.count(separator) for line in lines), default=0),
                separator,
                rows,
                above,
            )
        )
    _, _, separator, rows, above = max(tried, key=lambda t: t[:2])
    return separator, rows, above


def _xml(content: bytes) -> Table:
    """Return the rows of a plain XML file: its children are rows, their children are cells.

    Names are read without their namespace; declarations of entities are refused. Read row by row,
    so that a file made to fill the memory ends at its first oversized row.
    """
    try:
        rows = list(itertools.islice(_xml_rows(content), MOST_XML_ROWS + 1))
    except (defusedxml.DefusedXmlException, ParseError, ValueError, LookupError) as trouble:
        raise Unreadable("UP-XML", f"This is not a readable XML file: {trouble}.") from trouble
    if len(rows) > MOST_XML_ROWS:
        raise Unreadable("UP-XML", f"The file has more than {MOST_XML_ROWS} rows.")
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) > MOST_HEADINGS:
        raise Unreadable("UP-WIDE", f"The rows have more than {MOST_HEADINGS} different cells.")
    table = [names, *([row.get(name) for name in names] for row in rows)]
    columns = [f"column_{i + 1}" for i in range(len(names))]
    return Table(pl.DataFrame(table, schema=dict.fromkeys(columns, pl.String), orient="row"), 0, [])


def _first_xml_names(content: bytes) -> list[str]:
    """Return the names of the cells in the first rows of a plain XML file."""
    try:
        rows = list(itertools.islice(_xml_rows(content), LOOKED_AT))
    except (defusedxml.DefusedXmlException, ParseError, ValueError, LookupError) as trouble:
        raise Unreadable("UP-XML", f"This is not a readable XML file: {trouble}.") from trouble
    return list(dict.fromkeys(name for row in rows for name in row))


def _xml_rows(content: bytes) -> Iterator[dict[str, str]]:
    """Yield the rows, each forgotten once it is read; raises ValueError for an oversized one."""
    depth = elements = 0
    root: Any = None
    events = defusedxml.ElementTree.iterparse(
        io.BytesIO(content), events=("start", "end"), forbid_dtd=True
    )
    for event, element in events:
        if event == "start":
            root = element if root is None else root
            depth, elements = depth + 1, elements + 1
            if elements > MOST_XML_CELLS:
                raise ValueError(f"a row has more than {MOST_XML_CELLS} cells")
            continue
        depth -= 1
        if depth == 1:
            yield {cell.tag.rpartition("}")[2]: (cell.text or "") for cell in element}
            root.clear()
            elements = 0


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def _lines(text: str) -> Iterator[str]:
    """Yield the rows of a text with their ends, without making a list of them all.

    A quoted cell may hold line breaks; where a quotation mark is never closed, lines are rows.
    """
    start = end = 0
    while start < len(text):
        end = text.find("\n", end) + 1 or len(text)
        row = text[start:end]
        if row.count('"') % 2 and row.count("\n") < MOST_LINES_A_ROW and end < len(text):
            continue
        if row.count('"') % 2:
            row = text[start : text.find("\n", start) + 1 or len(text)]
            end = start + len(row)
        yield row
        start = end


def _text(content: bytes) -> str:
    """Return the text of a CSV file: UTF-8, or UTF-16 where the file says so by its mark."""
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable(
            "UP-FORMAT",
            "This is an old Excel file (XLS), or one with a password. Save it as XLSX without one.",
        )
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if content[:5] == b"%PDF-" or (b"\x00" in content and not wide):
        raise Unreadable("UP-FORMAT", "This is neither a CSV nor an XLSX file.")
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = content[: trouble.start].count(b"\n") + 1
        raise Unreadable(
            "UP-ENCODING", "The text is not UTF-8. Save it as 'CSV UTF-8' and send it again.", line
        ) from trouble
    if "\x00" in text:
        raise Unreadable("UP-FORMAT", "This is neither a CSV nor an XLSX file.")
    return text


def _csv_trouble(text: str, separator: str, above: int) -> tuple[str, str, int]:
    """Say where a CSV file breaks, with the slow reader."""
    csv.field_size_limit(10_000_000)
    width = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), above + 1):
            width = width or len(row)
            if len(row) > width:
                return (
                    "UP-RAGGED",
                    f"Row {number} has {len(row)} cells, but there are {width} headings.",
                    number,
                )
    except csv.Error as trouble:
        return "UP-CSV", f"The file is not a readable CSV: {trouble}.", 0
    return "UP-CSV", "The file is not a readable CSV; a quotation mark may be left open.", 0


def _xlsx(content: bytes, record: Record) -> Table:
    known = known_headings(record)

    def fits(rows: Rows) -> Fit:
        at, most = headings_at(rows, known)
        headings = [str(cell or "").strip() for cell in rows[at]] if rows else []
        found, _ = matched(headings, record, at + 1)
        exact = {n + 1 for name, n in found.items() if record.field(name).type not in WORDS}
        columns = Columns(frozenset(n + 1 for n in found.values()), frozenset(exact))
        return Fit(most, record.whole_in({text for text in headings if text}), columns)

    try:
        book = read_workbook(content, fits)
    except Unfit as trouble:
        raise Unreadable(trouble.code, str(trouble)) from trouble
    above, _ = headings_at(book.table.head(LOOKED_AT).rows(), known)
    findings = title_rows(above, book.table.head(above).rows())
    merged = [first for first, last in book.merged if last > above]
    if merged:
        findings.append(
            Finding(
                "UP-MERGED",
                f"Cells are merged from row {merged[0]} on; only the first of "
                "them holds a value. Unmerge them and fill every cell.",
                merged[0],
            )
        )
    formulas = [at for at in book.cells.computed if at[0] > above]
    if formulas:
        named = ", ".join(reference(at) for at in formulas[:3])
        findings.append(
            Finding(
                "UP-FORMULA",
                f"Cells hold formulas, such as {named}. What the spreadsheet "
                "last computed for them is read; check it.",
                formulas[0][0],
                severity=Severity.WARNING,
            )
        )
    if book.others:
        findings.append(
            Finding(
                "UP-SHEETS",
                f"Only the sheet {book.sheet!r} is read; there is also "
                f"{', '.join(repr(n) for n in book.others[:3])}.",
                severity=Severity.WARNING,
            )
        )
    return Table(_with_error_words(book, above).slice(above), above, findings)


def _with_error_words(book: Workbook, above: int) -> pl.DataFrame:
    """Return the sheet with a word in each cell that holds no value one could take for a blank.

    What follows then sees it as any other text that does not fit, at its row and column.
    """
    words = {at: NO_RESULT for at in book.cells.uncomputed}
    words |= {
        at: word if is_error_word(word) else UNREADABLE for at, word in book.cells.errors.items()
    }
    table = book.table
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), word in words.items():
        position = column - book.cells.left_out - 1
        if row <= table.height and 0 <= position < table.width:
            by_column.setdefault(position, {})[row - 1] = word
        elif word != NO_RESULT:  # a value the reader did not take, outside what it took
            at = reference((row, column))
            raise Unreadable(
                "UP-CELL", f"The cell {at} cannot be read. Copy the table to a new sheet.", row
            )
        elif row > above and column in book.columns.known:  # a row of nothing but such formulas
            at = reference((row, column))
            raise Unreadable("UP-CELL", error_sentence(f"The cell {at}", NO_RESULT), row)
    changed = []
    for column, cells in by_column.items():
        series = table.to_series(column).cast(pl.String)
        changed.append(series.scatter(list(cells), list(cells.values())))
    return table.with_columns(changed)

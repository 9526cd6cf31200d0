"""From bytes to columns of text: CSV, XLSX and plain XML, one way for every kind of file."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml
import defusedxml.ElementTree
import polars as pl

from apps.kernel.findings import Finding, Findings, Severity
from apps.kernel.records import Record
from apps.uploads.services.workbook import LOOKED_AT, Unfit, read_workbook

SEPARATORS = (",", ";", "\t")
MOST_HEADINGS = 500
MOST_XML_ROWS = 200_000
MOST_XML_CELLS = 2_000


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
    found, findings = _match(headings, record, table.above + 1)
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
        return _xlsx(content, record)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _xml(content)
    return _csv(content, record)


def _known(record: Record) -> set[str]:
    return {n.casefold() for f in record.fields for n in (f.header, *f.aliases)}


def _headings_at(rows: Iterable[Sequence[str | None]], known: set[str]) -> tuple[int, int]:
    """Return which row holds most known headings, and how many; the first filled one in doubt."""
    best, most, first = -1, 0, -1
    for number, row in enumerate(rows):
        texts = {str(cell).strip().casefold() for cell in row if cell}
        if first < 0 and any(texts):
            first = number
        if len(texts & known) > most:
            best, most = number, len(texts & known)
    return (best if best >= 0 else max(first, 0)), most


def _titles(above: int, rows: Iterable[Sequence[str | None]]) -> list[Finding]:
    filled = sum(any(cell and cell.strip() for cell in row) for row in rows)
    if not filled:
        return []
    return [
        Finding("UP-TITLE", f"{filled} title rows above the headings in row {above + 1} are "
                "left out.", above + 1, severity=Severity.INFO)
    ]  # fmt: skip


def _empty(record: Record) -> pl.DataFrame:
    schema = {"line_no": pl.Int64} | {f.name: pl.String for f in record.fields}
    return pl.DataFrame(schema=schema)


def _match(headings: list[str], record: Record, line: int) -> tuple[dict[str, int], list[Finding]]:
    findings = Findings()
    by_name = {
        name.casefold(): field.name
        for field in record.fields
        for name in (field.header, *field.aliases)
    }
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        name = by_name.get(heading.casefold())
        if name is None:
            if heading:
                findings.add(
                    "UP-EXTRA", f"The column {heading[:60]!r} is not used.", line=line,
                    column=heading[:80], severity=Severity.WARNING,
                )  # fmt: skip
        elif name in found:
            findings.add(
                "UP-TWICE", f"The column {heading!r} stands twice.", line=line, column=heading[:80]
            )
        else:
            found[name] = position
    findings.extend(
        Finding(
            "UP-MISSING",
            f"The column {field.header} is missing. The template shows all headings.",
            line,
            field.header,
        )
        for field in record.fields
        if field.name not in found and not field.optional_column
    )
    return found, findings.rows


def _csv(content: bytes, record: Record) -> Table:
    text = _text(content)
    lines = list(itertools.islice(_lines(text), LOOKED_AT))
    separator = max(SEPARATORS, key=lambda s: max((line.count(s) for line in lines), default=0))
    head = [_cells(line, separator) for line in lines]
    above, _ = _headings_at(head, _known(record))
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
    return Table(cells, above, _titles(above, head[:above]))


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
    """Yield the lines of a text with their ends, without making a list of them all."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
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
    known = _known(record)
    try:
        book = read_workbook(content, lambda t: _headings_at(t.head(LOOKED_AT).rows(), known)[1])
    except Unfit as trouble:
        raise Unreadable(trouble.code, str(trouble)) from trouble
    above, _ = _headings_at(book.table.head(LOOKED_AT).rows(), known)
    findings = _titles(above, book.table.head(above).rows())
    merged = [first for first, last in book.seen.merged if last > above]
    if merged:
        findings.append(
            Finding("UP-MERGED", f"Cells are merged from row {merged[0]} on; only the first of "
                    "them holds a value. Unmerge them and fill every cell.", merged[0])
        )  # fmt: skip
    formulas = [ref for ref in book.seen.formulas if int(ref.strip(ascii_uppercase)) > above]
    if formulas:
        findings.append(
            Finding("UP-FORMULA", f"Cells hold formulas, such as {', '.join(formulas[:3])}. What "
                    "the spreadsheet last computed for them is read; check it.",
                    int(formulas[0].strip(ascii_uppercase)), severity=Severity.WARNING)
        )  # fmt: skip
    if book.others:
        findings.append(
            Finding("UP-SHEETS", f"Only the sheet {book.sheet!r} is read; there is also "
                    f"{', '.join(repr(n) for n in book.others[:3])}.", severity=Severity.WARNING)
        )  # fmt: skip
    return Table(book.table.slice(above), above, findings)

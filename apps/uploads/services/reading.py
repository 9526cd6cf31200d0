"""From bytes to columns of text: CSV and XLSX, one way for every kind of file."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass

import fastexcel
import polars as pl

from apps.kernel.findings import Finding, Findings, Severity
from apps.kernel.records import Record

MOST_INFLATED = 400 * 1024 * 1024
SEPARATORS = (",", ";", "\t")
MOST_HEADINGS = 500


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


def read_sheet(content: bytes, record: Record) -> Sheet:
    """Return the rows of a CSV or XLSX file under the record's field names.

    Headings stand in the first row that is not blank; they are matched without regard to case and
    outer blanks, in any order; a heading that the
    record does not know is a warning, a missing one an error. Blank rows are left out and keep
    their numbers. What cannot be read at all is one error finding and no rows.
    """
    try:
        table = _xlsx(content) if content[:4] == b"PK\x03\x04" else _csv(content)
    except Unreadable as trouble:
        return Sheet(_empty(record), [], [trouble.finding])
    top = _heading_row(table)
    headings = [str(cell or "").strip() for cell in table.row(top)] if table.height else []
    found, findings = _match(headings, record)
    if any(f.severity is Severity.ERROR for f in findings):
        return Sheet(_empty(record), headings, findings)
    body = table.slice(top + 1)
    numbers = range(top + 2, table.height + 1)
    columns = {"line_no": pl.Series(numbers, dtype=pl.Int64)}
    for field in record.fields:
        position = found.get(field.name)
        cells = (
            body.to_series(position)
            if position is not None
            else pl.Series([None] * body.height, dtype=pl.String)
        )
        stripped = cells.str.strip_chars()
        columns[field.name] = stripped.replace("", None)
    frame = pl.DataFrame(columns)
    filled = pl.any_horizontal([pl.col(f.name).is_not_null() for f in record.fields])
    frame = frame.filter(filled)
    if frame.is_empty():
        findings.append(Finding("UP-NO-ROWS", "The file has headings but no rows."))
    return Sheet(frame, headings, findings)


def raw_row(content: bytes, line_no: int) -> list[tuple[str, str]]:
    """Return one row as received: (heading, cell) pairs; raises LookupError beyond the file."""
    table = _xlsx(content) if content[:4] == b"PK\x03\x04" else _csv(content)
    top = _heading_row(table)
    if not top + 2 <= line_no <= table.height:
        raise LookupError(f"The file has no row {line_no}.")
    return [
        (str(heading or ""), str(cell or ""))
        for heading, cell in zip(table.row(top), table.row(line_no - 1), strict=True)
    ]


def _heading_row(table: pl.DataFrame) -> int:
    """Return the position of the first row that is not blank."""
    filled = table.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    return int(filled.arg_true()[0]) if filled.any() else 0


def _empty(record: Record) -> pl.DataFrame:
    schema = {"line_no": pl.Int64} | {f.name: pl.String for f in record.fields}
    return pl.DataFrame(schema=schema)


def _match(headings: list[str], record: Record) -> tuple[dict[str, int], list[Finding]]:
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
                    "UP-EXTRA", f"The column {heading[:60]!r} is not used.", line=1,
                    column=heading[:80], severity=Severity.WARNING,
                )  # fmt: skip
        elif name in found:
            findings.add(
                "UP-TWICE", f"The column {heading!r} stands twice.", line=1, column=heading[:80]
            )
        else:
            found[name] = position
    findings.extend(
        Finding(
            "UP-MISSING",
            f"The column {field.header} is missing. Headings stand in the first row; "
            "the template shows them all.",
            1,
            field.header,
        )
        for field in record.fields
        if field.name not in found and not field.optional_column
    )
    return found, findings.rows


def _csv(content: bytes) -> pl.DataFrame:
    if b"\x00" in content or content[:5] == b"%PDF-":
        raise Unreadable("UP-FORMAT", "This is neither a CSV nor an XLSX file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = content[: trouble.start].count(b"\n") + 1
        raise Unreadable(
            "UP-ENCODING", "The text is not UTF-8. Save it as 'CSV UTF-8' and send it again.", line
        ) from trouble
    first = text[: text.find("\n") if "\n" in text else len(text)]
    separator = max(SEPARATORS, key=first.count)
    width = first.count(separator) + 1
    if width > MOST_HEADINGS:
        raise Unreadable("UP-WIDE", f"The first row has more than {MOST_HEADINGS} columns.", 1)
    try:
        return pl.read_csv(
            io.BytesIO(text.encode()),
            has_header=False,
            infer_schema=False,
            separator=separator,
            quote_char='"',
        )
    except pl.exceptions.PolarsError as trouble:
        raise Unreadable(*_csv_trouble(text, separator)) from trouble


def _csv_trouble(text: str, separator: str) -> tuple[str, str, int]:
    """Say where a CSV file breaks, with the slow reader."""
    csv.field_size_limit(10_000_000)
    width = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
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


def _xlsx(content: bytes) -> pl.DataFrame:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = {part.filename for part in parts.infolist()}
            inflated = sum(part.file_size for part in parts.infolist())
        if "xl/workbook.xml" not in names:
            raise Unreadable("UP-FORMAT", "This ZIP file is not an XLSX workbook.")
        if inflated > MOST_INFLATED:
            raise Unreadable("UP-SIZE", "The workbook is too large when unpacked.")
        book = fastexcel.read_excel(content)
        sheet = book.load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except (zipfile.BadZipFile, fastexcel.FastExcelError, OSError) as trouble:
        raise Unreadable("UP-XLSX", "The workbook cannot be opened; it may be damaged.") from (
            trouble
        )
    return sheet

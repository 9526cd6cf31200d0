"""The table of a CSV file: its text, its separator, its rows."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator

import polars as pl

from apps.platform.core.layouts import FileLayout
from apps.platform.uploads.services.headings import (
    headings_at,
    known_headings,
    no_headings,
    title_rows,
)
from apps.platform.uploads.services.lookalikes import not_a_text_table
from apps.platform.uploads.services.sheet_scan import LOOKED_AT
from apps.platform.uploads.services.text_table import MOST_HEADINGS, Table, Unreadable

SEPARATORS = (",", ";", "\t", "|")
LONE_CR = re.compile(r"\r(?!\n)")
LINE_END = re.compile(r'"[^"]*"|\r{1,2}\n|\r')
MOST_LINES_A_ROW = 20
# a cell takes a separator or a line end; how many may be missing where rows end early
MOST_UNWRITTEN = 2_000_000
MOST_LOOKED_AT = 256 * 1024


def beginning(content: bytes) -> bytes:
    """Return enough of a file to see its headings, cut between two lines."""
    if len(content) <= MOST_LOOKED_AT:
        return content
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        end = b"\n\x00" if content[:1] == b"\xff" else b"\x00\n"
        cut = content.rfind(end, 0, MOST_LOOKED_AT)
        return content[: cut + 2] if cut > 0 and cut % 2 == 0 else content[:MOST_LOOKED_AT]
    return content[: content.rfind(b"\n", 0, MOST_LOOKED_AT) + 1] or content[:MOST_LOOKED_AT]


def csv_table(content: bytes, layout: FileLayout) -> Table:
    """Return the rows of a CSV file from its headings on; raises Unreadable with the row."""
    text = csv_text(content)
    lines = list(itertools.islice(csv_lines(text), LOOKED_AT))
    separator, head, above, known = _separated(lines, known_headings(layout))
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
        if not known:
            raise Unreadable("UP-MISSING", no_headings([" ".join(lines[:2])])) from trouble
        raise Unreadable(*_csv_trouble(body, separator, above)) from trouble
    if cells.height * cells.width > len(content) + MOST_UNWRITTEN:
        raise Unreadable(
            "UP-EXTENT",
            f"The file has {cells.height:,} rows under {cells.width} headings; most of them end "
            "long before the last. Fill them in, or send the file in parts.",
        )
    widths = _widths(body, separator, cells)
    before = head[above - 1] if above else []
    titles = title_rows(above, head[:above])
    return Table(cells, above, titles, widths, separator, before=before)


def _widths(body: str, separator: str, cells: pl.DataFrame) -> pl.Series | None:
    """Return how many cells each row has, or nothing where every row reaches the last heading.

    The quick reader fills a row that ends early with blanks; a blank that nobody wrote is none.
    """
    if cells.width < 2 or not cells.to_series(cells.width - 1).null_count():
        return None
    if '"' not in body:
        rows = pl.Series(body.removesuffix("\n").split("\n"))
        widths = rows.str.count_matches(separator, literal=True) + 1
    else:
        csv.field_size_limit(10_000_000)
        try:
            found = [len(row) for row in csv.reader(io.StringIO(body), delimiter=separator)]
        except csv.Error:
            return None
        widths = pl.Series(found, dtype=pl.UInt32)
    return widths if widths.len() == cells.height and (widths < cells.width).any() else None


def _separated(lines: list[str], known: set[str]) -> tuple[str, list[list[str]], int, int]:
    """Return the separator that shows most headings, the first rows cut by it, where they are, and
    how many of them are known.

    In doubt it is the one that stands most often in one row.
    """
    tried = []
    for separator in SEPARATORS:
        rows = [csv_cells(line, separator) for line in lines]
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
    most, _, separator, rows, above = max(tried, key=lambda t: t[:2])
    return separator, rows, above, most


def csv_cells(line: str, separator: str) -> list[str]:
    """Return the cells of one row; what is no CSV is cut at its separators."""
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def csv_lines(text: str) -> Iterator[str]:
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


def csv_text(content: bytes) -> str:
    """Return the text of a CSV file: UTF-8, or UTF-16 where the file says so by its mark.

    Rows end in one way, also in files that programs of old Macintosh computers wrote or that were
    joined; a line break within quotes stays as it is.
    """
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if b"\x00" in content and not wide:
        if not any(content[1:400:2]) or not any(content[0:400:2]):
            raise Unreadable(
                "UP-ENCODING",
                "The text is UTF-16 without the mark that says so. Save it as 'CSV UTF-8' and send "
                "it again.",
            )
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
    if sentence := not_a_text_table(text):
        raise Unreadable("UP-FORMAT", sentence)
    if LONE_CR.search(text):
        text = LINE_END.sub(lambda end: end[0] if end[0][0] == '"' else "\n", text)
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
    told = "The file is not a readable CSV; a quotation mark may be left open"
    for number, line in enumerate(csv_lines(text), above + 1):
        if line.count('"') % 2:
            return (
                "UP-CSV",
                f"{told} in row {number}, or stand where it belongs to the text.",
                number,
            )
    return "UP-CSV", f"{told}.", 0

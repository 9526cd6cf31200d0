"""Open an XLSX workbook that may be hostile: looked at in a stream before it is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import fastexcel
import polars as pl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

MOST_INFLATED = 400 * 1024 * 1024
MOST_PARTS = 2_000
MOST_CELLS = 20_000_000
MOST_SHEETS = 50
CHUNK = 1 << 20
OVERLAP = 256
LOOKED_AT = 25
CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
FORMULA = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]{0,80}><f[ />]')
MERGED = re.compile(rb'<mergeCell ref="[A-Z]{1,3}(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


# what the readers of ZIP, XML and sheets raise for bytes that are not what they claim to be
DAMAGE = (
    zipfile.BadZipFile, zlib.error, fastexcel.FastExcelError, ParseError, DefusedXmlException,
    OSError, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


class Unfit(ValueError):
    """The bytes are no workbook we read; code and sentence say why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Seen:
    """What a look at a worksheet's bytes told: its extent, formulas and merged rows."""

    rows: int = 0
    columns: int = 0
    formulas: list[str] = field(default_factory=list)
    merged: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Workbook:
    """One sheet of a workbook as texts, and what was seen of it."""

    table: pl.DataFrame
    seen: Seen
    sheet: str
    others: list[str]


def read_workbook(content: bytes, fits: Callable[[pl.DataFrame], int]) -> Workbook:
    """Return the sheet whose first rows fit best (the first one in doubt), every cell as text.

    ``fits`` counts how many known headings stand in a table's best row. Memory stays bounded: size,
    parts, extent and content are checked in a stream before a cell is read. Raises Unfit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check_parts(parts)
            paths = _sheet_paths(parts)
            seen = {name: _look(parts, path) for name, path in paths.items()}
            _unpack_rest(parts, set(paths.values()))
        book = fastexcel.read_excel(content)
        name = _best_sheet(book, fits)
        table = _texts(book, name)
    except DAMAGE as trouble:
        if isinstance(trouble, Unfit):
            raise
        raise Unfit("UP-XLSX", "The workbook cannot be opened; it may be damaged.") from trouble
    others = [n for n in book.sheet_names if n != name and seen.get(n, Seen()).rows]
    return Workbook(table, seen.get(name, Seen()), name, others)


def _check_parts(parts: zipfile.ZipFile) -> None:
    names = {part.filename for part in parts.infolist()}
    if "xl/workbook.xml" not in names:
        raise Unfit("UP-FORMAT", "This ZIP file is not an XLSX workbook.")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unfit("UP-MACRO", "The workbook holds macros. Save it as XLSX without macros.")
    if any(part.flag_bits & 1 for part in parts.infolist()):
        raise Unfit("UP-LOCKED", "The workbook is protected by a password. Save it without one.")
    inflated = sum(part.file_size for part in parts.infolist())
    if inflated > MOST_INFLATED or len(parts.infolist()) > MOST_PARTS:
        raise Unfit("UP-SIZE", "The workbook is too large when unpacked. Send it in parts.")


def _sheet_paths(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by its name, in the order of the workbook."""
    book = fromstring(parts.read("xl/workbook.xml"))
    targets = {
        r.get("Id"): str(r.get("Target")) for r in fromstring(
            parts.read("xl/_rels/workbook.xml.rels"))
    }  # fmt: skip
    found = {}
    for sheet in list(book.iter(f"{MAIN}sheet"))[:MOST_SHEETS]:
        target = targets.get(sheet.get(RELATION), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[str(sheet.get("name"))] = path
    return found


def _look(parts: zipfile.ZipFile, path: str) -> Seen:
    """Read a worksheet's bytes once, in chunks; reading to the end also proves the ZIP's sums."""
    seen, tail, cells = Seen(), b"", 0
    with parts.open(path) as stream:
        while chunk := stream.read(CHUNK):
            text = tail + chunk
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise Unfit("UP-XLSX", "The workbook holds a document type; no sheet needs one.")
            for column, row in CELL.findall(text):
                cells += 1
                seen.rows = max(seen.rows, int(row))
                seen.columns = max(seen.columns, _number(column))
            if len(seen.formulas) < LOOKED_AT:
                seen.formulas += [m.decode() for m in FORMULA.findall(text)]
            seen.merged += [(int(a), int(b)) for a, b in MERGED.findall(text)]
            tail = text[-OVERLAP:]
    if seen.rows * seen.columns > MOST_CELLS or cells > 2 * MOST_CELLS:
        raise Unfit(
            "UP-EXTENT",
            f"The sheet spans {seen.rows:,} rows and {seen.columns:,} columns. Delete cells far "
            "from the table, or send it in parts.",
        )
    return seen


def _unpack_rest(parts: zipfile.ZipFile, looked: set[str]) -> None:
    for part in parts.infolist():
        if part.filename.endswith(".xml") and part.filename not in looked:
            with parts.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                        raise Unfit("UP-XLSX", "The workbook holds a document type.")


def _number(letters: bytes) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + letter - 64
    return value


def _best_sheet(book: fastexcel.ExcelReader, fits: Callable[[pl.DataFrame], int]) -> str:
    names = book.sheet_names[:MOST_SHEETS]
    if not names:
        raise Unfit("UP-XLSX", "The workbook has no sheet.")
    scores = [fits(_texts(book, name, LOOKED_AT)) for name in names] if len(names) > 1 else [0]
    return str(names[scores.index(max(scores))])


def _texts(book: fastexcel.ExcelReader, name: str, rows: int | None = None) -> pl.DataFrame:
    sheet = book.load_sheet(name, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")
    return sheet.to_polars()

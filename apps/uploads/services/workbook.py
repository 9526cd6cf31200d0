"""Open an XLSX workbook that may be hostile: looked at in a stream before it is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

import fastexcel
import polars as pl

from apps.uploads.services.sheet_scan import (
    Cells,
    Extent,
    Unfit,
    busy,
    elements_of,
    inspect,
    look_at_rest,
    measure,
)

MOST_INFLATED = 400 * 1024 * 1024
# what a small file may unpack to, and how many times its size a larger one: a sheet full of one
# number comes to 15
INFLATED_AT_LEAST = 20 * 1024 * 1024
INFLATED_PER_BYTE = 60
MOST_PARTS = 2_000
MOST_SHEETS = 50
LOOKED_AT = 25

# what the readers of ZIP, XML and sheets raise for bytes that are not what they claim to be
DAMAGE = (
    zipfile.BadZipFile, zlib.error, fastexcel.FastExcelError, ExpatError,
    OSError, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Workbook:
    """One sheet of a workbook as texts, and what was seen of it."""

    table: pl.DataFrame
    merged: list[tuple[int, int]]
    cells: Cells
    sheet: str
    others: list[str]


@dataclass(frozen=True)
class Fit:
    """How well the first rows of a sheet suit a layout: known headings, and whether all stand."""

    headings: int
    whole: bool


def first_tables(content: bytes) -> list[pl.DataFrame]:
    """Return the first rows of each sheet, under the same bounds as ``read_workbook``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _bounded(parts, len(content))
            book = fastexcel.read_excel(content)
            return [_texts(book, name, LOOKED_AT) for name in book.sheet_names[:MOST_SHEETS]]
    except DAMAGE as trouble:
        raise _unfit(trouble) from trouble


def read_workbook(content: bytes, fits: Callable[[pl.DataFrame], Fit]) -> Workbook:
    """Return the sheet whose first rows fit best, every cell as text.

    Memory and time stay bounded: size, parts, extent, elements and depth are checked in a stream
    before a cell is read. Raises Unfit, also where two sheets hold all headings: which of them
    counts, or both, is not ours to guess.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            paths, seen = _bounded(parts, len(content))
            book = fastexcel.read_excel(content)
            name = _best_sheet(book, seen, fits)
            table = _texts(book, name)
            extent = seen.get(name, Extent())
            cells = Cells()
            if name in paths and (extent.telling or _filled(table) < extent.values):
                cells = inspect(parts, paths[name], table)
    except DAMAGE as trouble:
        raise _unfit(trouble) from trouble
    others = [n for n in book.sheet_names if n != name and seen.get(n, Extent()).rows]
    return Workbook(table, extent.merged, cells, name, others)


def _unfit(trouble: Exception) -> Unfit:
    if isinstance(trouble, Unfit):
        return trouble
    return Unfit("UP-XLSX", "The workbook cannot be opened; it may be damaged.")


def _bounded(parts: zipfile.ZipFile, size: int) -> tuple[dict[str, str], dict[str, Extent]]:
    """Return the part and the extent of each sheet, once all parts are within their bounds."""
    _check_parts(parts, size)
    paths = _sheet_paths(parts)
    seen = {name: measure(parts, path) for name, path in paths.items()}
    look_at_rest(parts, set(paths.values()))
    return paths, seen


def _check_parts(parts: zipfile.ZipFile, size: int) -> None:
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
    if inflated > max(INFLATED_AT_LEAST, INFLATED_PER_BYTE * size):
        raise busy()


def _sheet_paths(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by its name, in the order of the workbook."""
    relations = elements_of(parts, "xl/_rels/workbook.xml.rels", "Relationship")
    targets = {r.get("Id", ""): r.get("Target", "") for r in relations}
    found = {}
    for sheet in elements_of(parts, "xl/workbook.xml", "sheet")[:MOST_SHEETS]:
        target = targets.get(sheet.get("id", ""), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[sheet.get("name", "")] = path
    return found


def _filled(table: pl.DataFrame) -> int:
    return table.height * table.width - sum(table.null_count().row(0)) if table.width else 0


def _best_sheet(
    book: fastexcel.ExcelReader, seen: dict[str, Extent], fits: Callable[[pl.DataFrame], Fit]
) -> str:
    names = book.sheet_names[:MOST_SHEETS]
    if not names:
        raise Unfit("UP-XLSX", "The workbook has no sheet.")
    if len(names) == 1:
        return str(names[0])
    found = {name: fits(_texts(book, name, LOOKED_AT)) for name in names}
    whole = [n for n, fit in found.items() if fit.whole and seen.get(n, Extent()).rows > 1]
    if len(whole) > 1:
        raise Unfit(
            "UP-SHEETS",
            f"The sheets {', '.join(repr(n) for n in whole[:-1])} and {whole[-1]!r} all hold the "
            "headings. Put the rows on one sheet, or send each sheet as a file.",
        )
    return str(max(names, key=lambda n: found[n].headings))


def _texts(book: fastexcel.ExcelReader, name: str, rows: int | None = None) -> pl.DataFrame:
    sheet = book.load_sheet(name, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")
    return sheet.to_polars()

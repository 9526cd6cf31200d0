"""Open an XLSX workbook that may be hostile: looked at in a stream before it is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError

import fastexcel
import polars as pl

from apps.platform.core.zipped import MOST_PARTS
from apps.platform.uploads.services.sheet_cells import Cells, Columns, inspect
from apps.platform.uploads.services.sheet_parts import (
    Allowance,
    Strings,
    Unfit,
    busy,
    damaged,
    elements_of,
    look_at_rest,
)
from apps.platform.uploads.services.sheet_repair import without_refused
from apps.platform.uploads.services.sheet_scan import TRUE, Top, measure, top_of

MOST_INFLATED = 400 * 1024 * 1024
# what a small file may unpack to, and how many times its size a larger one: a sheet full of one
# number comes to 15
INFLATED_AT_LEAST = 20 * 1024 * 1024
INFLATED_PER_BYTE = 60
MOST_SHEETS = 50
# the most characters that all cells of a sheet hold, a shared text counted at each cell; a small
# file may hold as many as it may unpack to
MOST_TEXT = 150_000_000
# how far the first rows of all sheets, and the texts in them, are looked for
LOOKED_AT_BYTES = 4 * 1024 * 1024
STRINGS = "xl/sharedstrings.xml"
Rows = list[list[str | None]]

# what the readers of ZIP, XML and sheets raise for bytes that are not what they claim to be
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    fastexcel.FastExcelError,
    ExpatError,
    OSError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class Workbook:
    """One sheet of a workbook as texts, and what was seen of it.

    ``left_out``: how many empty columns before the first filled one are not in the table.
    ``hidden``: rows with values that the spreadsheet does not show; ``hidden_columns``: columns,
    counted from 1; ``unshown``: whether the sheet itself is hidden.
    """

    table: pl.DataFrame
    columns: Columns
    merged: list[tuple[int, int]]
    cells: Cells
    sheet: str
    others: list[str]
    left_out: int = 0
    hidden: list[int] = field(default_factory=list)
    hidden_columns: frozenset[int] = frozenset()
    unshown: bool = False


@dataclass(frozen=True)
class Fit:
    """How well the first rows of a sheet suit a layout: known headings, and whether all stand."""

    headings: int
    whole: bool
    columns: Columns


def first_tables(content: bytes) -> list[Rows]:
    """Return the first rows of each sheet, in a time that does not grow with the workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check_parts(parts, len(content))
            tops = _tops(parts, _sheet_paths(parts))
            strings = Strings(_wanted(tops), only=True)
            if strings.wanted and (path := _strings_path(parts)):
                strings.read(parts, path, Allowance(LOOKED_AT_BYTES))
            return [top.rows(strings.texts) for top in tops.values()]
    except DAMAGE as trouble:
        raise _unfit(trouble) from trouble


def read_workbook(content: bytes, fits: Callable[[Rows], Fit]) -> Workbook:
    """Return the sheet whose first rows fit best, every cell as text.

    Memory and time stay bounded: size, parts, extent, elements, depth and the characters of all
    cells are checked in a stream before a cell is built, and no other sheet is built. Raises Unfit,
    also where two sheets hold all headings: which of them counts, or both, is not ours to guess.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check_parts(parts, len(content))
            paths, shared = _sheet_paths(parts), _strings_path(parts)
            tops = _tops(parts, paths)
            strings = Strings(_wanted(tops))
            if shared:
                strings.read(parts, shared)
            name, fit = _best_sheet(tops, strings.texts, fits)
            room = min(MOST_TEXT, max(INFLATED_AT_LEAST, INFLATED_PER_BYTE * len(content)))
            extent = measure(parts, paths[name], strings.lengths, room)
            look_at_rest(parts, {paths[name], shared})
            table = _texts(content, name, paths[name])
            cells, left_out = Cells(), max(extent.first - 1, 0)
            if extent.telling or _filled(table) < extent.values:
                trusted = not _to_be_calculated(parts)
                cells = inspect(parts, paths[name], table, left_out, fit.columns, trusted=trusted)
            unshown = _hidden_sheet(parts, name)
    except DAMAGE as trouble:
        raise _unfit(trouble) from trouble
    others = [n for n, top in tops.items() if n != name and top.filled]
    return Workbook(
        table,
        fit.columns,
        extent.merged,
        cells,
        name,
        others,
        left_out,
        extent.hidden,
        frozenset(extent.hidden_columns),
        unshown,
    )


def _unfit(trouble: Exception) -> Unfit:
    if isinstance(trouble, Unfit):
        return trouble
    return damaged()


def _check_parts(parts: zipfile.ZipFile, size: int) -> None:
    names = {part.filename for part in parts.infolist()}
    if len({_folded(part.filename) for part in parts.infolist()}) < len(parts.infolist()):
        raise damaged()  # which of two parts of a name is read differs by reader
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


def _folded(name: str) -> str:
    return name.replace("\\", "/").casefold()


def _strings_path(parts: zipfile.ZipFile) -> str:
    """Return the part that holds the shared texts, or nothing."""
    return next((n for n in parts.namelist() if _folded(n) == STRINGS), "")


def _sheet_paths(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by its name, in the order of the workbook.

    Raises Unfit where two sheets or two relations share a name.
    """
    relations = elements_of(parts, "xl/_rels/workbook.xml.rels", "Relationship")
    targets = {r.get("Id", ""): r.get("Target", "") for r in relations}
    sheets = elements_of(parts, "xl/workbook.xml", "sheet")
    found = {}
    for sheet in sheets[:MOST_SHEETS]:
        target = targets.get(sheet.get("id", ""), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[sheet.get("name", "")] = path
    if len(targets) < len(relations) or len(found) < len(sheets[:MOST_SHEETS]):
        raise damaged()
    return found


def _to_be_calculated(parts: zipfile.ZipFile) -> bool:
    """Whether the workbook asks to be calculated as it is opened.

    Programs that write formulas without computing them ask for it, and may store a 0, or what
    stood there before; spreadsheet programs take the request out as they save.
    """
    asked = elements_of(parts, "xl/workbook.xml", "calcPr")
    return any(one.get("fullCalcOnLoad") in TRUE for one in asked)


def _hidden_sheet(parts: zipfile.ZipFile, name: str) -> bool:
    sheets = elements_of(parts, "xl/workbook.xml", "sheet")
    return any(s.get("name") == name and s.get("state", "visible") != "visible" for s in sheets)


def _tops(parts: zipfile.ZipFile, paths: dict[str, str]) -> dict[str, Top]:
    allowance = Allowance(LOOKED_AT_BYTES)
    return {name: top_of(parts, path, allowance) for name, path in paths.items()}


def _wanted(tops: dict[str, Top]) -> set[int]:
    return {number for top in tops.values() for number in top.wanted}


def _filled(table: pl.DataFrame) -> int:
    return table.height * table.width - sum(table.null_count().row(0)) if table.width else 0


def _best_sheet(
    tops: dict[str, Top], texts: dict[int, str], fits: Callable[[Rows], Fit]
) -> tuple[str, Fit]:
    if not tops:
        raise Unfit("UP-XLSX", "The workbook has no sheet.")
    rows = {name: top.rows(texts) for name, top in tops.items()}
    found = {name: fits(table) for name, table in rows.items()}
    whole = [name for name, fit in found.items() if fit.whole and len(rows[name]) > 1]
    if len(whole) > 1:
        raise Unfit(
            "UP-SHEETS",
            f"The sheets {', '.join(repr(n) for n in whole[:-1])} and {whole[-1]!r} all hold the "
            "headings. Put the rows on one sheet, or send each sheet as a file.",
        )
    best = max(found, key=lambda n: (found[n].headings, tops[n].filled))
    return best, found[best]


def _texts(content: bytes, name: str, path: str) -> pl.DataFrame:
    try:
        table = _read(content, name)
    except fastexcel.FastExcelError:
        repaired = without_refused(content, path)
        if repaired is None:
            raise
        table = _read(repaired, name)
    # a NUL written as _x0000_ is a character no database holds: it stays a control character
    return table.with_columns(pl.col(pl.String).str.replace_all("\x00", "\x01", literal=True))


def _read(content: bytes, name: str) -> pl.DataFrame:
    book = fastexcel.read_excel(content)
    return book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()

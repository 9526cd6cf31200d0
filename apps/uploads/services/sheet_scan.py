"""Look at the parts of a workbook in a stream, before anything of them is built.

``measure`` is quick and bounds what follows; ``inspect`` is exact and slow, and is asked only where
the quick look saw a formula, an error or anything unusual. Names of elements count without their
prefix, so that every producer's book is seen alike.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import polars as pl

CHUNK = 1 << 20
MOST_CELLS = 20_000_000
MOST_DEPTH = 64
# a real sheet takes about a byte of the packed file for each of its elements; one that takes far
# less is made to keep a reader busy
ELEMENTS_AT_LEAST = 100_000
ELEMENTS_PER_BYTE = 8
MOST_SMALL_PART = 1 << 20
MOST_NAMED = 1_000
TAG = rb"<(?:[A-Za-z_][\w.-]*:)?"
CELL = re.compile(TAG + rb"""c\s[^>]{0,200}?\br\s*=\s*["']([A-Z]{1,3})([1-9]\d{0,6})["']""")
ANY_CELL = re.compile(TAG + rb"c[\s/>]")
ROW = re.compile(TAG + rb"row[\s/>]")
VALUE = re.compile(TAG + rb"(?:v|is)[\s>]")
MERGED = re.compile(
    TAG + rb"""mergeCell\s[^>]{0,80}?["'][A-Z]{1,3}(\d{1,7})(?::[A-Z]{1,3}(\d{1,7}))?"""
)
# a formula, an error, or XML that the quick patterns cannot judge
TELLING = re.compile(TAG + rb"""f[\s/>]|\st\s*=\s*["']e["']|<!\[|<!--|=\s*["'][^"'<>]{0,20}&#""")
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
UNPRINTED = {"s", "str", "inlineStr", "e"}


class Unfit(ValueError):
    """The bytes are no workbook we read; code and sentence say why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Extent:
    """What a quick look at a worksheet told: its size, merged rows, and whether to look closer."""

    rows: int = 0
    columns: int = 0
    values: int = 0
    merged: list[tuple[int, int]] = field(default_factory=list)
    telling: bool = False


@dataclass
class Cells:
    """The cells of a sheet that do not hold a plain value, by (row, column) counted from 1.

    ``errors`` says what stands there instead; ``uncomputed`` are formulas without a stored result;
    ``computed`` those with one. At most MOST_NAMED of each. ``left_out``: how many empty columns
    before the first filled one are not in the table that was read.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncomputed: list[tuple[int, int]] = field(default_factory=list)
    computed: list[tuple[int, int]] = field(default_factory=list)
    left_out: int = 0


def busy() -> Unfit:
    """Return the refusal of a part that unpacks to far more than its size allows."""
    return Unfit("UP-SIZE", "The workbook unpacks to far more than its size allows. Save it anew "
                 "and send it again, or send it in parts.")  # fmt: skip


def measure(parts: zipfile.ZipFile, path: str) -> Extent:
    """Return the extent of a worksheet; reading to the end also proves the ZIP's sums.

    Raises Unfit where it spans or holds too much.
    """
    seen, cells = Extent(), 0
    for text in _whole_tags(parts, path):
        all_cells, named = len(ANY_CELL.findall(text)), CELL.findall(text)
        cells += all_cells
        if all_cells > len(named):  # cells may go without their reference: each is the next one
            seen.telling = True
            seen.rows += len(ROW.findall(text))
        for column, row in named:
            seen.rows = max(seen.rows, int(row))
            seen.columns = max(seen.columns, _number(column.decode()))
        seen.values += len(VALUE.findall(text))
        seen.merged += [(int(a), int(b or a)) for a, b in MERGED.findall(text)]
        seen.telling = seen.telling or TELLING.search(text) is not None
    if seen.rows * seen.columns > MOST_CELLS or cells > 2 * MOST_CELLS:
        raise Unfit(
            "UP-EXTENT",
            f"The sheet spans {seen.rows:,} rows and {seen.columns:,} columns. Delete cells far "
            "from the table, or send it in parts.",
        )
    return seen


def look_at_rest(parts: zipfile.ZipFile, looked: set[str]) -> None:
    """Read the other parts to their end. Raises Unfit for a document type, a flood of elements."""
    for part in parts.infolist():
        if part.filename.endswith((".xml", ".rels")) and part.filename not in looked:
            for _ in _whole_tags(parts, part.filename):
                pass


def _whole_tags(parts: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """Yield the bytes of a part in pieces that end between tags; raises Unfit for a flood."""
    packed = parts.getinfo(path).compress_size
    room = ELEMENTS_AT_LEAST + ELEMENTS_PER_BYTE * packed
    tail = b""
    with parts.open(path) as stream:
        while chunk := stream.read(CHUNK):
            text = tail + chunk
            cut = text.rfind(b"<")
            text, tail = text[:cut], text[cut:]
            room -= text.count(b"<")
            if room < 0 or len(tail) > 2 * CHUNK:
                raise busy()
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                _no_doctype()
            yield text
    yield tail


class _Elements:
    """Reads a part element by element; ends where they nest too deep or grow too many."""

    def __init__(self) -> None:
        self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _no_doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, name: str, given: dict[str, str]) -> None:
        """Count a level more; raises Unfit beyond the deepest a sheet has."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise busy()

    def end(self, name: str) -> None:
        """Count a level less."""
        self.depth -= 1

    def read(self, parts: zipfile.ZipFile, path: str) -> None:
        """Read a part to its end; raises Unfit for a flood of elements or a document type."""
        for text in _whole_tags(parts, path):
            self.parser.Parse(text, False)
        self.parser.Parse(b"", True)


class _Named(_Elements):
    def __init__(self, local: str) -> None:
        super().__init__()
        self.local = local
        self.found: list[dict[str, str]] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        """Keep the attributes of an element of the name."""
        super().start(name, given)
        if name.rpartition(":")[2] == self.local:
            self.found.append({key.rpartition(":")[2]: text for key, text in given.items()})


def elements_of(parts: zipfile.ZipFile, path: str, local: str) -> list[dict[str, str]]:
    """Return the attributes, without their prefixes, of each element of a name in a small part.

    Raises Unfit where the part is larger than such parts are.
    """
    if parts.getinfo(path).file_size > MOST_SMALL_PART:
        raise busy()
    reader = _Named(local)
    reader.read(parts, path)
    return reader.found


class _Cells(_Elements):
    """Walks the cells of a worksheet; ``judge`` is told of each what stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.row = self.column = 0
        self.kind, self.formula, self.words = "n", False, [""]

    def start(self, name: str, given: dict[str, str]) -> None:
        """Note where a cell stands and what of it follows."""
        super().start(name, given)
        local = name.rpartition(":")[2]
        if local == "c":
            self._place(given.get("r", ""))
            self.kind, self.formula, self.words = given.get("t", "n"), False, []
        elif local in {"v", "is"}:
            self.parser.CharacterDataHandler = self.words.append
        elif local == "f":
            self.formula = True
        elif local == "row":
            number = given.get("r", "")
            plain = number.isascii() and number.isdecimal() and len(number) < 8
            self.row, self.column = int(number) if plain else self.row + 1, 0

    def _place(self, reference: str) -> None:
        if at := REFERENCE.fullmatch(reference):
            self.column, self.row = _number(at[1]), int(at[2])
        else:
            self.column += 1

    def end(self, name: str) -> None:
        """Have a cell judged once it is whole."""
        super().end(name)
        local = name.rpartition(":")[2]
        if local in {"v", "is"}:
            self.parser.CharacterDataHandler = None
        elif local == "c":
            self.judge("".join(self.words).strip()[:20])

    def judge(self, text: str) -> None:
        """Take what stands in a cell, as text."""
        raise NotImplementedError


class _Begins(_Cells):
    """Finds the first column that holds anything: the reader leaves out empty ones before it."""

    first = 0

    def judge(self, text: str) -> None:
        """Keep the lowest column of a cell that holds something."""
        if (text or self.kind == "e") and (not self.first or self.column < self.first):
            self.first = self.column


class _Sheet(_Cells):
    """Finds the cells that hold no plain value; ``table`` holds what was read, as texts."""

    def __init__(self, table: pl.DataFrame, left_out: int) -> None:
        super().__init__()
        self.cells = Cells(left_out=left_out)
        self.missing = [column.is_null() for column in table.iter_columns()]

    def judge(self, text: str) -> None:
        """Keep a cell that holds no plain value."""
        cells, at = self.cells, (self.row, self.column)
        if self.kind == "e":
            cells.errors[at] = text or "an error"
        elif self.formula and not text and self.kind != "str":  # a text may rightly come out empty
            cells.uncomputed.append(at)
        elif text and self.kind not in UNPRINTED and self._unread():
            cells.errors[at] = f"{text}, which cannot be read"
        elif self.formula and len(cells.computed) < MOST_NAMED:
            cells.computed.append(at)
        if len(cells.errors) + len(cells.uncomputed) > MOST_NAMED:
            raise _Enough

    def _unread(self) -> bool:
        position = self.column - self.cells.left_out - 1
        if not 0 <= position < len(self.missing):
            return True
        column = self.missing[position]
        return self.row > len(column) or bool(column[self.row - 1])


class _Enough(Exception):
    """More cells are wrong than anybody reads about."""


def inspect(parts: zipfile.ZipFile, path: str, table: pl.DataFrame) -> Cells:
    """Return the cells of a worksheet that hold no plain value.

    table: the sheet as it was read, every cell a text, from its first row and its first filled
    column on. Raises Unfit for a part that nests too deep.
    """
    begins = _Begins()
    begins.read(parts, path)
    sheet = _Sheet(table, max(begins.first - 1, 0))
    with suppress(_Enough):
        sheet.read(parts, path)
    return sheet.cells


def reference(at: tuple[int, int]) -> str:
    """Return a cell as a spreadsheet names it: row 5, column 2 is B5."""
    row, column = at
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _no_doctype(*_: Any) -> None:
    raise Unfit("UP-XLSX", "The workbook holds a document type; no sheet needs one.")


def _number(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value

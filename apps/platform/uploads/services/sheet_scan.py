"""Look at the cells of a worksheet in a stream, before anything of it is built.

``measure`` bounds what a reader would build; ``top_of`` reads the first rows and stops.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.platform.uploads.services.sheet_parts import (
    MOST_DEPTH,
    MOST_IN_A_CELL,
    Allowance,
    Elements,
    Enough,
    Unfit,
    busy,
    damaged,
    too_long,
)

LOOKED_AT = 25
# a reader builds every cell between the first and the last that hold something
MOST_CELLS = 10_000_000
MOST_COLUMNS = 1_000
SPARSE_AT_LEAST = 1_000_000
SPARSE_PER_CELL = 25
MOST_NAMED = 1_000
DIGITS = "0123456789"
LETTERS = re.compile("[A-Za-z]{1,3}")
MERGED = re.compile(r"[A-Za-z]{1,3}(\d{1,7})(?::[A-Za-z]{1,3}(\d{1,7}))?")
VALUES = {"v", "is"}
# formulas that fill several cells, of which only the first holds the formula
SPREADING = {"array", "dataTable"}
TRUE = {"1", "true"}


@dataclass
class Extent:
    """What a worksheet told: its size, merged rows, and whether to look closer.

    ``first`` is the first column that holds anything: a reader leaves out empty ones before it.
    ``hidden``: rows with values that the spreadsheet does not show, at most MOST_NAMED;
    ``hidden_columns``: columns that it does not show, counted from 1.
    """

    rows: int = 0
    columns: int = 0
    cells: int = 0
    values: int = 0
    first: int = 0
    merged: list[tuple[int, int]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    telling: bool = False


class Walk(Elements):
    """Walks the cells of a worksheet; ``judge`` is called once a cell is whole."""

    def __init__(self) -> None:
        super().__init__()
        self.row = self.named_row = self.column = 0
        self.row_text = "0"
        self.row_hidden = False
        self.numbers: dict[str, int] = {}
        self.kind, self.text, self.words = "n", "", [""]
        self.formula = self.valued = False
        self.inside = ""
        self.size = 0
        self.parser.CommentHandler = self.parser.ProcessingInstructionHandler = self.odd
        self.parser.StartCdataSectionHandler = self.odd

    def start(self, name: str, given: dict[str, str]) -> None:
        """Note where a cell stands and what of it follows."""
        self.depth += 1  # as ``Elements`` does; a call for each of a million cells would tell
        if self.depth > MOST_DEPTH:
            raise busy()
        local = name.rpartition(":")[2] if ":" in name else name
        if local == "c":
            self.column += 1
            if "r" in given:
                self._place(given["r"])
            self.kind = given.get("t", "n")
            self.text, self.formula, self.valued = "", False, False
        elif local in VALUES:
            self._value_begins(local)
        else:
            self._other_begins(local, given)

    def _value_begins(self, local: str) -> None:
        if self.valued:
            raise damaged()
        self.valued, self.inside = True, local
        self.size, self.words = 0, []
        # the text of a ``v`` is one piece; that of an ``is`` may come in any number of runs
        self.parser.CharacterDataHandler = self.words.append if local == "v" else self.take

    def _other_begins(self, local: str, given: dict[str, str]) -> None:
        if self.inside == "v":
            raise damaged()
        if local == "f":
            self.formula = True
            if given.get("t") in SPREADING:
                self.spreads(given.get("ref", ""))
        elif local == "row":
            self._row(given.get("r"))
            self.row_hidden = given.get("hidden") in TRUE
        elif local == "mergeCell":
            self.merged(given.get("ref", ""))
        elif local == "col" and given.get("hidden") in TRUE:
            self.columns_hidden(given.get("min", ""), given.get("max", ""))

    def _row(self, number: str | None) -> None:
        self.row = self.row + 1 if number is None else _row_number(number)
        self.row_text, self.named_row, self.column = str(self.row), self.row, 0

    def _place(self, reference: str) -> None:
        letters = reference.rstrip(DIGITS)
        digits = reference[len(letters) :]
        if digits != self.row_text:
            self.row, self.row_text = _row_number(digits), digits
        column = self.numbers.get(letters)
        if column is None:
            if not LETTERS.fullmatch(letters):
                raise damaged()
            column = self.numbers[letters] = column_number(letters.upper())
        self.column = column

    def take(self, data: str) -> None:
        """Take the text of a value in parts; raises Unfit beyond the most that a cell holds."""
        self.size += len(data)
        if self.size > MOST_IN_A_CELL:
            raise too_long()
        self.words.append(data)

    def odd(self, *_: str) -> None:
        """Refuse a value that is broken up: readers differ in what it then is."""
        if self.inside:
            raise damaged()

    def end(self, name: str) -> None:
        """Have a cell judged once it is whole."""
        self.depth -= 1
        local = name.rpartition(":")[2] if ":" in name else name
        if local == "c":
            self.judge()
        elif local in VALUES:
            self.parser.CharacterDataHandler = None
            self.inside = ""
            self.text = "".join(self.words)
            if len(self.text) > MOST_IN_A_CELL:
                raise too_long()
        elif local == "row":
            self.row_ends()

    def judge(self) -> None:
        """Take a whole cell."""

    def row_ends(self) -> None:
        """Take a whole row."""

    def merged(self, reference: str) -> None:
        """Take cells that are merged."""

    def spreads(self, reference: str) -> None:
        """Take the cells that one formula fills."""

    def columns_hidden(self, first: str, last: str) -> None:
        """Take columns that the spreadsheet does not show, counted from 1."""

    def string_number(self) -> int:
        """Return which shared text a cell holds; raises Unfit for what is no number of one."""
        text = self.text.strip()
        if not (text.isascii() and text.isdecimal()):
            raise damaged()
        return int(text)


class _Measure(Walk):
    """Counts what a reader would build of a worksheet."""

    def __init__(self, lengths: Sequence[int], room: int) -> None:
        super().__init__()
        self.lengths, self.room = lengths, room
        self.seen = Extent()

    def judge(self) -> None:
        """Widen the extent by a cell that holds something; count the characters made of it."""
        seen, text = self.seen, self.text
        if self.formula or self.kind == "e":
            seen.telling = True
        elif not self.valued:
            return
        seen.cells += 1
        seen.values += self.valued
        if self.row_hidden and self.text and len(seen.hidden) < MOST_NAMED:
            seen.hidden.append(self.row)
            self.row_hidden = False
        # a reader may count rows by the row or by the cell where they disagree
        seen.rows = max(seen.rows, self.row, self.named_row)
        seen.columns = max(seen.columns, self.column)
        if text:
            if not 0 < seen.first <= self.column and text.strip():
                seen.first = self.column
            self._spend(text)

    def _spend(self, text: str) -> None:
        """Count the characters that a reader would make of a value."""
        if self.kind == "s":
            number = self.string_number()
            if number >= len(self.lengths):
                raise damaged()
            self.room -= self.lengths[number]
        else:
            self.room -= len(text)
        if self.room < 0:
            raise busy()

    def merged(self, reference: str) -> None:
        """Keep merged rows: those of titles, and one of what follows."""
        if at := MERGED.fullmatch(reference):
            first, last = int(at[1]), int(at[2] or at[1])
            deep = any(end > LOOKED_AT for _, end in self.seen.merged[-1:])
            if len(self.seen.merged) < MOST_NAMED or (last > LOOKED_AT and not deep):
                self.seen.merged.append((first, last))

    def columns_hidden(self, first: str, last: str) -> None:
        """Keep hidden columns."""
        if first.isdecimal() and last.isdecimal() and len(first) < 8 and len(last) < 8:
            self.seen.hidden_columns.update(range(int(first), min(int(last), MOST_COLUMNS) + 1))


def measure(parts: zipfile.ZipFile, path: str, lengths: Sequence[int], room: int) -> Extent:
    """Return the extent of a worksheet; reading to the end also proves the ZIP's sums.

    lengths: of the shared texts. room: the most characters that its cells may hold, each shared
    text counted as often as a cell names it. Raises Unfit where the sheet spans or holds too much.
    """
    reader = _Measure(lengths, room)
    reader.read(parts, path)
    seen = reader.seen
    area = seen.rows * seen.columns
    sparse = area > SPARSE_AT_LEAST and area > SPARSE_PER_CELL * seen.cells
    if area > MOST_CELLS or seen.columns > MOST_COLUMNS or sparse:
        raise Unfit(
            "UP-EXTENT",
            f"The sheet spans {seen.rows:,} rows and {seen.columns:,} columns. Delete cells far "
            "from the table, or send it in parts.",
        )
    return seen


class Top(Walk):
    """The first rows of a worksheet; a shared text stands there as its number."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[tuple[int, int], str | int] = {}
        self.filled = False

    def judge(self) -> None:
        """Keep a cell of the first rows; raises Enough below them."""
        self.filled = self.filled or self.valued
        if self.row > LOOKED_AT:
            if self.valued:
                raise Enough
        elif self.text and self.column <= MOST_COLUMNS:
            shared = self.kind == "s"
            self.found[self.row, self.column] = self.string_number() if shared else self.text

    @property
    def wanted(self) -> set[int]:
        """The numbers of the shared texts that stand in these rows."""
        return {cell for cell in self.found.values() if isinstance(cell, int)}

    def rows(self, texts: dict[int, str]) -> list[list[str | None]]:
        """Return the rows as texts, from the first row and the first column on."""
        height = max((row for row, _ in self.found), default=0)
        width = max((column for _, column in self.found), default=0)
        table: list[list[str | None]] = [[None] * width for _ in range(height)]
        for (row, column), cell in self.found.items():
            table[row - 1][column - 1] = texts.get(cell) if isinstance(cell, int) else cell
        return table


def top_of(parts: zipfile.ZipFile, path: str, allowance: Allowance) -> Top:
    """Return the first rows of a worksheet; what comes after them is not unpacked."""
    top = Top()
    top.read(parts, path, allowance)
    return top


def _row_number(text: str) -> int:
    """Return the number of a row; raises Unfit for what no spreadsheet has."""
    if not (text.isascii() and text.isdecimal() and len(text) < 8 and int(text)):
        raise damaged()
    return int(text)


def column_number(letters: str) -> int:
    """Return a column counted from 1 by its letters: B is 2, AB is 28."""
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value

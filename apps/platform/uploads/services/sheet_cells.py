"""The cells of a worksheet that hold no plain value: errors, and formulas that nobody computed.

``inspect`` is asked only where ``measure`` saw reason to.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field

import polars as pl

from apps.platform.uploads.rules.error_cells import NOT_COMPUTED
from apps.platform.uploads.services.sheet_parts import Enough, Unfit
from apps.platform.uploads.services.sheet_scan import MOST_NAMED, Walk, column_number

UNPRINTED = {"s", "str", "inlineStr", "e"}
SPREAD = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7}):([A-Za-z]{1,3})([0-9]{1,7})")
# the most cells that formulas of several cells may fill in one sheet
MOST_SPREAD = 200_000

At = tuple[int, int]


@dataclass(frozen=True)
class Columns:
    """The columns that a layout reads, counted from 1; ``exact`` hold numbers, dates or times."""

    known: frozenset[int] = frozenset()
    exact: frozenset[int] = frozenset()


@dataclass
class Cells:
    """The cells of a sheet that do not hold a plain value, by (row, column) counted from 1.

    ``errors`` says what stands there instead; ``uncomputed`` are formulas without a stored result;
    ``computed`` those with one. At most MOST_NAMED of each. ``left_out``: how many empty columns
    before the first filled one are not in the table that was read.
    """

    errors: dict[At, str] = field(default_factory=dict)
    uncomputed: list[At] = field(default_factory=list)
    computed: list[At] = field(default_factory=list)
    left_out: int = 0


class _Sheet(Walk):
    """Finds the cells that hold no plain value; ``table`` holds what was read, as texts.

    ``trusted``: whether what is stored of formulas was computed. A formula may fill several cells,
    of which only the first holds it: ``awaited`` are those whose result has not come yet.
    """

    def __init__(
        self, table: pl.DataFrame, left_out: int, columns: Columns, *, trusted: bool
    ) -> None:
        super().__init__()
        self.cells = Cells(left_out=left_out)
        self.missing = [column.is_null() for column in table.iter_columns()]
        self.columns, self.trusted = columns, trusted
        self.blank_results: list[At] = []
        self.row_filled = False
        self.awaited: set[At] = set()

    def spreads(self, reference: str) -> None:
        """Await the results of a formula that fills several cells; raises Unfit for too many."""
        found = SPREAD.fullmatch(reference)
        if found is None:
            return
        rows = range(int(found[2]), int(found[4]) + 1)
        columns = range(column_number(found[1].upper()), column_number(found[3].upper()) + 1)
        if len(self.awaited) + len(rows) * len(columns) > MOST_SPREAD:
            raise Unfit(
                "UP-FORMULA",
                f"Array formulas fill more than {MOST_SPREAD:,} cells. Copy the sheet, paste it as "
                "values, and send that.",
            )
        self.awaited.update((row, column) for row in rows for column in columns)

    def judge(self) -> None:
        """Keep a cell that holds no plain value."""
        cells, at = self.cells, (self.row, self.column)
        text = self.text.strip()[:20]
        if text and self.column in self.columns.known:
            self.row_filled = True
        formula = self.formula or at in self.awaited
        self.awaited.discard(at)
        if self.kind == "e":
            cells.errors[at] = text or "an error"
        elif formula and not text:
            self._no_result(at)
        elif formula and not self.trusted:
            cells.errors[at] = NOT_COMPUTED
        elif text and self.kind not in UNPRINTED and self._unread():
            cells.errors[at] = f"{text}, which cannot be read"
        elif formula and len(cells.computed) < MOST_NAMED:
            cells.computed.append(at)
        if len(cells.errors) + len(cells.uncomputed) > MOST_NAMED:
            raise Enough

    def _no_result(self, at: At) -> None:
        """A text may rightly come out empty; a number, a date or a time may not.

        Where a formula did come out as an empty text, the row must hold something: rows filled in
        advance for later use stay blank.
        """
        exact = self.column in self.columns.exact
        if self.kind != "str" or (exact and not self.valued):
            self.cells.uncomputed.append(at)
        else:
            if exact:
                self.blank_results.append(at)
            if len(self.cells.computed) < MOST_NAMED:
                self.cells.computed.append(at)

    def row_ends(self) -> None:
        """Count empty results in a row that holds something."""
        if self.row_filled:
            self.cells.uncomputed.extend(self.blank_results)
        self.blank_results.clear()
        self.row_filled = False

    def _unread(self) -> bool:
        position = self.column - self.cells.left_out - 1
        if not 0 <= position < len(self.missing):
            return True
        column = self.missing[position]
        return self.row > len(column) or bool(column[self.row - 1])


def inspect(
    parts: zipfile.ZipFile,
    path: str,
    table: pl.DataFrame,
    left_out: int,
    columns: Columns,
    *,
    trusted: bool,
) -> Cells:
    """Return the cells of a worksheet that hold no plain value.

    table: the sheet as it was read, every cell a text, from its first row on; ``left_out`` empty
    columns before the first filled one are not in it. columns: those that the layout reads.
    trusted: whether what is stored of formulas was computed. Raises Unfit for a part that nests too
    deep.
    """
    sheet = _Sheet(table, left_out, columns, trusted=trusted)
    sheet.read(parts, path)
    sheet.cells.uncomputed.extend(sorted(sheet.awaited)[:MOST_NAMED])
    return sheet.cells

"""The table of an XLSX workbook: the sheet that fits best, its broken cells marked."""

from __future__ import annotations

import polars as pl

from apps.platform.core.layouts import FieldType, FileLayout
from apps.platform.core.violations import Severity, Violation
from apps.platform.core.words import counted
from apps.platform.uploads.rules.error_cells import (
    NO_RESULT,
    UNREADABLE,
    error_sentence,
    is_error_word,
)
from apps.platform.uploads.services.cell_names import reference
from apps.platform.uploads.services.headings import headings_at, known_headings, matched, title_rows
from apps.platform.uploads.services.sheet_cells import Columns
from apps.platform.uploads.services.sheet_parts import Unfit
from apps.platform.uploads.services.sheet_scan import LOOKED_AT
from apps.platform.uploads.services.text_table import Table, Unreadable
from apps.platform.uploads.services.workbook import Fit, Rows, Workbook, read_workbook

WORDS = {FieldType.TEXT, FieldType.CHOICE}


def xlsx_table(content: bytes, layout: FileLayout) -> Table:
    """Return the rows of the sheet that holds most of a record's headings, from them on.

    Merged cells, formulas and other sheets are violations; raises Unreadable for what is no table.
    """
    known = known_headings(layout)

    def fits(rows: Rows) -> Fit:
        at, most = headings_at(rows, known)
        headings = [str(cell or "").strip() for cell in rows[at]] if rows else []
        found, _ = matched(headings, layout, at + 1)
        exact = {n + 1 for name, n in found.items() if layout.field(name).type not in WORDS}
        columns = Columns(frozenset(n + 1 for n in found.values()), frozenset(exact))
        return Fit(most, layout.whole_in({text for text in headings if text}), columns)

    try:
        book = read_workbook(content, fits)
    except Unfit as trouble:
        raise Unreadable(trouble.code, str(trouble)) from trouble
    above, _ = headings_at(book.table.head(LOOKED_AT).rows(), known)
    violations = title_rows(above, book.table.head(above).rows())
    merged = [first for first, last in book.merged if last > above]
    if merged:
        violations.append(
            Violation(
                "UP-MERGED",
                f"Cells are merged from row {merged[0]} on; only the first of "
                "them holds a value. Unmerge them and fill every cell.",
                merged[0],
            )
        )
    formulas = [at for at in book.cells.computed if at[0] > above]
    if formulas:
        named = ", ".join(reference(at) for at in formulas[:3])
        violations.append(
            Violation(
                "UP-FORMULA",
                f"Cells hold formulas, such as {named}. What the spreadsheet "
                "last computed for them is read; check it.",
                formulas[0][0],
                severity=Severity.WARNING,
            )
        )
    violations += _hidden(book, above)
    if book.others:
        violations.append(
            Violation(
                "UP-SHEETS",
                f"Only the sheet {book.sheet!r} is read; there is also "
                f"{', '.join(repr(n) for n in book.others[:3])}.",
                severity=Severity.WARNING,
            )
        )
    cells = _with_error_words(book, above).slice(above)
    before = book.table.row(above - 1) if above else ()
    return Table(cells, above, violations, left_out=book.left_out, before=before)


def _hidden(book: Workbook, above: int) -> list[Violation]:
    """Return a warning of each kind of thing that is read though the spreadsheet hides it."""
    warned = []
    rows = [row for row in book.hidden if row > above]
    if rows:
        told = (
            f"{counted(len(rows), 'row')} with values, the first of them row {rows[0]}, "
            "cannot be seen in the spreadsheet, by a filter or by hand. What they hold is read "
            "too; take them out if it should not be."
        )
        warned.append(Violation("UP-HIDDEN", told, rows[0], severity=Severity.WARNING))
    for column in sorted(book.hidden_columns & book.columns.known):
        heading = str(book.table.item(above, column - book.left_out - 1) or "").strip()
        told = (
            f"The column {heading} cannot be seen in the spreadsheet. What it holds is read too; "
            "take it out if it should not be."
        )
        warned.append(Violation("UP-HIDDEN", told, above + 1, heading[:80], Severity.WARNING))
    if book.unshown:
        told = (
            f"The sheet {book.sheet!r}, which is read, cannot be seen in the workbook. Make sure "
            "that it is the one that is meant."
        )
        warned.append(Violation("UP-HIDDEN", told, severity=Severity.WARNING))
    return warned


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

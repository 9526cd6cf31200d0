"""Cells of a spreadsheet that hold an error in place of a value: never blank, never 0."""

from __future__ import annotations

import re

import polars as pl

# what spreadsheet programs show, and put into a CSV file, where a formula failed
NAMES = (
    "N/A",
    "NA",
    "REF!",
    "VALUE!",
    "DIV/0!",
    "NAME?",
    "NUM!",
    "NULL!",
    "SPILL!",
    "CALC!",
    "FIELD!",
    "BLOCKED!",
    "CONNECT!",
    "UNKNOWN!",
    "BUSY!",
    "EXTERNAL!",
    "PYTHON!",
    "GETTING_DATA",
    "ERROR!",
)
# what we put where a workbook holds a formula without a stored result, or a cell we cannot read,
# and where a row of a text file ends before the cell
NO_RESULT = "#NO RESULT!"
UNREADABLE = "#UNREADABLE!"
NO_CELL = "#NO CELL!"
# where a workbook asks to be calculated, so that what it stores of a formula is no result
NOT_COMPUTED = "#NOT COMPUTED!"
# beside the names above: names in other languages (#¡DIV/0!, #WERT!), the words that data services
# put behind #N/A, and the signs shown where a column was too narrow when it was saved as text
PATTERN = (
    r"(?i)^(#("
    + "|".join(re.escape(name) for name in NAMES)
    + r"|NO RESULT!|NOT COMPUTED!|UNREADABLE!|NO CELL!"
    r"|NV|[^\s#]{1,20}[!?]|N/A .{1,60}|#{2,})|Err:[0-9]{3})$"
)
WORD = re.compile(PATTERN)
SENTENCES = {
    NO_RESULT: "holds a formula without a stored result. Open the file in a spreadsheet program, "
    "let it calculate, save it, and send it again.",
    NOT_COMPUTED: "holds a formula that was never computed: a program wrote it with a result that "
    "stands in for the right one, and the workbook asks to be calculated as it is opened. Open it "
    "in a spreadsheet program, save it, and send it again.",
    UNREADABLE: "holds a cell that cannot be read. Type its value anew.",
    NO_CELL: "has no cell in this row, which ends before it. Write every cell, blank or not; if "
    "the file was cut off, send it again whole.",
}
NARROW = "shows only signs because its column was too narrow. Widen the column and save it again."


def is_error_word(text: str) -> bool:
    """Return whether a text is what stands in a cell whose formula failed."""
    return WORD.match(text) is not None


def error_cells(cells: pl.Series) -> pl.Series:
    """Return which texts of a column stand for a failed, uncomputed or unreadable cell."""
    # nearly every column has none: one quick look for the sign saves the pattern
    if not cells.str.contains("#|(?i)err:").any():
        return pl.repeat(False, cells.len(), dtype=pl.Boolean, eager=True)
    return cells.str.contains(PATTERN).fill_null(False)


def error_sentence(header: str, word: str) -> str:
    """Return what to tell a person of such a cell."""
    told = SENTENCES.get(word, f"holds the spreadsheet error {word}, which is no value.")
    return f"{header} {NARROW if word.startswith('##') else told}"

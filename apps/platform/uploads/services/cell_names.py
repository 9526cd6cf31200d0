"""Columns and cells as a spreadsheet names them."""

from __future__ import annotations


def column_letters(number: int) -> str:
    """Return a column as a spreadsheet names it: 2 is B, 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def reference(at: tuple[int, int]) -> str:
    """Return a cell as a spreadsheet names it: row 5, column 2 is B5."""
    row, column = at
    return f"{column_letters(column)}{row}"

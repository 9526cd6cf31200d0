"""A file cut into a table of texts, and the trouble of one that is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from apps.platform.core.violations import Violation

MOST_HEADINGS = 500


class Unreadable(ValueError):
    """The bytes are no table; the violation says why."""

    def __init__(self, code: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.violation = Violation(code, message, line)


@dataclass(frozen=True)
class Table:
    """The texts of a file from its heading row on; ``above`` rows stand before it.

    ``widths``: how many cells each row has, where some have fewer than there are headings.
    ``separator``: what parts the cells of a text file. ``left_out``: how many empty columns before
    the first one here are not in ``cells``. ``before``: the row above the headings, if any.
    """

    cells: pl.DataFrame
    above: int
    violations: list[Violation]
    widths: pl.Series | None = None
    separator: str = ""
    left_out: int = 0
    before: Sequence[str | None] = ()

"""Texts that a spreadsheet would run as a formula, and how a file keeps it from that.

One pattern for Python and for the database: only a plain number may begin with + or -. So a
payload that begins like a number, as ``-2+3+cmd|' /C calc'!A0`` does, is kept a text too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from apps.platform.core.numbers import MOST_DECIMALS_READ, unsigned

# what begins a formula in one program or language of a spreadsheet; wide signs are taken for narrow
BEGINS = "=@\t\r\n＝＋－＠"
FORMULA_PATTERN = rf"^([{BEGINS}]|[+-](?!{unsigned(MOST_DECIMALS_READ)}\Z))"
FORMULA = re.compile(FORMULA_PATTERN)


def guarded(text: str) -> str:
    """Return a text with an apostrophe before it where a spreadsheet would run it."""
    return "'" + text if FORMULA.match(text) else text


def guarded_row(values: Iterable[Any]) -> list[Any]:
    """Return the cells of a row of a CSV file: texts guarded, nothing for None, the rest as is."""
    return ["" if v is None else guarded(v) if isinstance(v, str) else v for v in values]

"""Numbers of a CSV file that were cut in two at the comma of their thousands."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from apps.platform.core.layouts import FieldType, FileLayout
from apps.platform.core.violations import Violation

HEAD = r"^[+-]?\$?[1-9][0-9]{0,2}$"
REST = r"^[0-9]{3}(\.[0-9]*)?$"
REST_WITH_DECIMALS = r"^[0-9]{3}\.[0-9]+$"
NUMERIC = re.compile(r"[\d.]+")
MOST_NAMED = 1_000


def cut_numbers(
    frame: pl.DataFrame, layout: FileLayout, positions: Mapping[str, int]
) -> list[Violation]:
    """Return an error for each number that seems to go on in the column of words behind it.

    ``12,450.00`` without quotation marks is two cells of a file whose cells are parted by commas:
    12, and 450.00 where a word belongs. frame: texts as read; positions: of the columns, by field.
    *Interpretation*: a column of words is a text whose example in the template is no number. In one
    that a publisher fills with whole numbers only a rest with decimals tells.
    """
    by_position = {p: name for name, p in positions.items()}
    found = []
    for field in layout.fields:
        after = by_position.get(positions.get(field.name, -2) + 1)
        if field.type is not FieldType.DECIMAL or after is None:
            continue
        words = layout.field(after)
        if words.type is not FieldType.TEXT or NUMERIC.fullmatch(words.example):
            continue
        rest_of = REST_WITH_DECIMALS if words.whole_numbers else REST
        cut = frame.filter(
            pl.col(field.name).str.contains(HEAD) & pl.col(after).str.contains(rest_of)
        ).select("line_no", field.name, after)
        for line, head, rest in cut.head(MOST_NAMED).iter_rows():
            found.append(
                Violation(
                    "UP-CUT",
                    f"{field.header} holds {head} and {words.header} {rest}: this may be "
                    f"{head},{rest}, cut in two at its comma. Write it without the comma, or in "
                    "quotation marks.",
                    line,
                    field.header,
                    value=f"{head},{rest}",
                )
            )
    return found

"""Values that a new version of a file leaves blank where the version before had them."""

from __future__ import annotations

from collections.abc import Set

import polars as pl

from apps.platform.core.layouts import IDS, Field, FileLayout
from apps.platform.core.violations import Severity, Violation
from apps.platform.core.words import counted
from apps.platform.uploads.rules.comparison import shown_value

MOST_ROWS_NAMED = 3


def value_fields(layout: FileLayout) -> list[Field]:
    """Return the columns of a layout that hold values: all but those of the key, and remarks."""
    return [f for f in layout.fields if f.name not in layout.key and not f.remark]


def blanked(
    frame: pl.DataFrame,
    before: pl.DataFrame | None,
    texts: pl.DataFrame,
    layout: FileLayout,
    *,
    code: str,
    than: str,
) -> list[Violation]:
    """Return a warning for each column with rows that had a value before and are blank now.

    frame, before: typed rows of the file and those in force, of the same key; texts: the rows as
    received, by their numbers, as a blank that has a default is no blank any more in the typed
    ones. than: what ``before`` is. A value that is the default stays the same where it becomes
    blank, and a row without one before tells nothing. Source: BRQ-0105 (what is unknown is no
    zero).
    """
    key = list(layout.key)
    if before is None or before.is_empty() or not key or not set(key) <= set(before.columns):
        return []
    was = before.unique(subset=key, keep="first")
    found = []
    for field in value_fields(layout):
        if field.name not in before.columns:
            continue
        rows = _rows(frame, was, texts, field, key)
        if rows.height:
            found.append(_told(rows, field, layout, code, than))
    return found


def read_as_zero(
    frame: pl.DataFrame, texts: pl.DataFrame, layout: FileLayout, columns: Set[str], *, code: str
) -> list[Violation]:
    """Return a warning for each column that is seldom blank and has blank cells, read as a number.

    columns: the fields the file has; one that it leaves out altogether is told once for the file.
    An energy, a price or a reading that nobody knows would count as none. Source: BRQ-0105.
    """
    found = []
    for field in layout.fields:
        if not field.missed or field.name not in columns:
            continue
        empty = _empty(texts, field).join(frame, on="line_no", how="semi").sort("line_no")
        if empty.height:
            lines = ", ".join(str(n) for n in empty["line_no"].head(MOST_ROWS_NAMED))
            more = empty.height - MOST_ROWS_NAMED
            rest = f" and {counted(more, 'more row')}" if more > 0 else ""
            found.append(
                Violation(
                    code,
                    f"{empty.height} of {counted(frame.height, 'row')} "
                    f"{'is' if empty.height == 1 else 'are'} blank (row {lines}{rest}) and would "
                    f"be read as {field.default}. What is not known is not {field.default}: fill "
                    "it in, or say why it is right.",
                    empty["line_no"][0],
                    field.header,
                    Severity.WARNING,
                )
            )
    return found


def _empty(texts: pl.DataFrame, field: Field) -> pl.DataFrame:
    cell = texts[field.name]
    return texts.filter(cell.is_null() | cell.is_in([*field.blanks, ""])).select("line_no")


def _rows(
    frame: pl.DataFrame, was: pl.DataFrame, texts: pl.DataFrame, field: Field, key: list[str]
) -> pl.DataFrame:
    now = frame.join(_empty(texts, field), on="line_no", how="semi").select(
        "line_no", *key, pl.col(field.name).alias("__now")
    )
    pairs = now.join(was.select(*key, pl.col(field.name).alias("__was")), on=key, nulls_equal=True)
    said = pl.col("__was").is_not_null()
    if pairs.schema["__was"] == pl.String:
        said &= pl.col("__was") != ""
    return pairs.filter(said & pl.col("__was").ne_missing(pl.col("__now"))).sort("line_no")


def _told(rows: pl.DataFrame, field: Field, layout: FileLayout, code: str, than: str) -> Violation:
    who = [c for c in layout.key if c in IDS] or list(layout.key)
    named = ", ".join(
        f"row {row['line_no']} ("
        + ", ".join(str(row[c]) for c in who if row[c] not in ("", None))
        + f": {shown_value(row['__was'], field.quantity)}"
        + (f" {field.unit})" if field.unit else ")")
        for row in rows.head(MOST_ROWS_NAMED).iter_rows(named=True)
    )
    more = rows.height - MOST_ROWS_NAMED
    rest = f" and {counted(more, 'row')} more" if more > 0 else ""
    read = f"A blank is read as {field.default}" if field.default else "Blank is not known"
    return Violation(
        code,
        f"{counted(rows.height, 'row')} had a value in {than} and "
        f"{'is' if rows.height == 1 else 'are'} blank now: {named}{rest}. {read}; fill in what "
        "still holds.",
        rows["line_no"][0],
        field.header,
        Severity.WARNING,
    )

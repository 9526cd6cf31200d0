"""Totals, notes and repeated headings among the rows: found by what they say, and left out."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from apps.platform.core.layouts import FieldType, FileLayout, heading_key
from apps.platform.core.violations import Severity, Violation
from apps.platform.uploads.rules.error_cells import NO_CELL, is_error_word

MOST_LOOKED_AT = 10_000
NO_LETTER = r"[^a-z0-9]"
PLAIN_NAME = r"^[A-Z0-9]+(?:[ _.\-][A-Z0-9]+)*$"
TOTAL = re.compile(
    r"(?:(?:grand|sub|net|overall|system|fleet|area|zone|local|all|annual|monthly)[ -]*)*totals?"
    r"(?:[^\w].*)?|(?:sum|average|mean|median|minimum|maximum)(?:[^\w].*)?|(?:number|count) of .*",
    re.IGNORECASE | re.DOTALL,
)
NOTE = re.compile(
    r"[*†‡§#].*|(?:foot)?notes?\b.*|source[s:]?\b.*|legend\b.*|disclaimer\b.*|prepared\b.*|"
    r"as of\b.*|(?:last )?updated\b.*|revised\b.*|preliminary\b.*|end of\b.*|page \d.*|"
    r"\(\w{1,2}\) .*|[-–—=]{2,}.*|\(?\d[\d,]* (?:rows?|records?|lines?)\b.*",
    re.IGNORECASE | re.DOTALL,
)


def without_headings(
    frame: pl.DataFrame, layout: FileLayout, headings: Mapping[str, str]
) -> tuple[pl.DataFrame, list[Violation]]:
    """Return the rows without those that repeat the headings, as joined files do, each said.

    headings: those of the file, by field.
    """
    if len(headings) < 2 or frame.is_empty():
        return frame, []
    keys = {f.name: heading_key(headings[f.name]) for f in layout.fields if f.name in headings}
    first = next(iter(keys))
    letters = pl.col(first).str.to_lowercase().str.replace_all(NO_LETTER, "")
    like = frame.filter(letters == re.sub(NO_LETTER, "", keys[first]))
    again = [
        row["line_no"]
        for row in like.select("line_no", *keys).iter_rows(named=True)
        if all(heading_key(row[name] or "") == key for name, key in keys.items())
    ]
    said = [
        Violation(
            "UP-HEADINGS",
            "This row repeats the headings; it is left out.",
            line,
            severity=Severity.INFO,
        )
        for line in again
    ]
    return (frame.filter(~pl.col("line_no").is_in(again)), said) if again else (frame, [])


def without_footers(
    frame: pl.DataFrame, layout: FileLayout
) -> tuple[pl.DataFrame, list[Violation]]:
    """Return the rows of a list without its totals and notes, and a violation for each of these.

    frame: texts, as read. A total is told by its first word, where the name stands or, in a row
    without a name, in any short text. A note is told by its mark or word where the name stands, or
    by standing alone in its row without being written as a name. A total is a warning, as its row
    holds figures; so is a note beside which other cells are filled. Any other row without a name is
    judged as a row. *Interpretation*: a name as ``TOTAL_1_UNIT`` is no total. In files that are no
    published lists only a total's first word and a note's mark or word tell, and the latter only
    where nothing else stands in the row: ``Source 2`` beside figures is a name.
    """
    if not layout.named_in or frame.is_empty():
        return frame, []
    name = pl.col(layout.named_in)
    plain = (name.str.contains(PLAIN_NAME) & name.str.contains("_", literal=True)).fill_null(False)
    texts = [f.name for f in layout.fields if f.type is FieldType.TEXT]
    columns = [f.name for f in layout.fields]
    said = {}
    for row in frame.filter(~plain).head(MOST_LOOKED_AT).iter_rows(named=True):
        filled = sum(row[c] is not None and row[c] != NO_CELL for c in columns)
        found = _footer(row, layout, texts, filled)
        if found is not None:
            said[row["line_no"]] = found
    header = layout.field(layout.named_in).header
    violations = [
        Violation(code, message, line, header, severity, value[:200])
        for line, (code, message, severity, value) in said.items()
    ]
    return frame.filter(~pl.col("line_no").is_in(list(said))), violations


Said = tuple[str, str, Severity, str]


def _footer(
    row: dict[str, str | None], layout: FileLayout, texts: list[str], filled: int
) -> Said | None:
    name = row[layout.named_in]
    if name is not None and is_error_word(name):  # a failed cell is no note: it is judged as a row
        return None
    words = [name] if name is not None else [t for c in texts if (t := row[c]) is not None]
    for text in words:
        if TOTAL.fullmatch(text) and (name is not None or len(text.split()) <= 3):
            return (
                "UP-TOTAL",
                f"“{text[:60]}” is a total, not a row of the list; it is left out.",
                Severity.WARNING,
                text,
            )
    if name is None and filled > 1:
        return None
    for text in words:
        marked = NOTE.fullmatch(text) is not None and "_" not in text.split()[0]
        alone = layout.names_in and filled == 1 and (name is None or not _may_name(text))
        if (marked and (layout.names_in or filled == 1)) or alone:
            return (
                "UP-NOTE",
                f"“{text[:60]}” is a note, not a row of the list; it is left out.",
                Severity.INFO if filled == 1 else Severity.WARNING,
                text,
            )
    return None


def _may_name(text: str) -> bool:
    """Whether a text that stands alone may name something, badly written: it is judged then."""
    return "_" in text and len(text.split()) <= 3 and not re.search(r"[*:;,()?!]", text)

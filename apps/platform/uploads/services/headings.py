"""Which row of a file holds the headings, and which column each of them names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from apps.platform.core.layouts import Field, FieldType, FileLayout, heading_key
from apps.platform.core.violations import Severity, Violation, Violations
from apps.platform.uploads.services.cell_names import column_letters
from apps.platform.uploads.services.sheet_scan import LOOKED_AT

WORD = re.compile(r"[a-z]{2,}")
MOST_LISTED = 3
MOST_SHOWN = 120
# units, and words that stand in many headings
UNITS = frozenset({"usd", "mw", "mwh", "kw", "kwh", "mmbtu", "btu", "mt", "dollars", "unit"})
LONG_DAY_AHEAD = re.compile(r"\bday[\s_\-]*ahead\b")
SAME_WORD = {"price": "lmp", "prices": "lmp"}
UNTELLING = UNITS
UNTELLING |= {"of", "and", "or", "for", "in", "to", "by", "per", "the", "number", "value", "column"}
UNTELLING |= {"hour", "hr", "day", "date", "dt", "id", "flag", "type", "name", "code", "yes", "no"}


def known_headings(layout: FileLayout) -> set[str]:
    """Return every heading a layout knows, as ``heading_key`` compares them."""
    return {key for f in layout.fields for key in f.heading_keys}


def headings_at(rows: Iterable[Sequence[str | None]], known: set[str]) -> tuple[int, int]:
    """Return which row holds most known headings, and how many; the first filled one in doubt."""
    best, most, first = -1, 0, -1
    for number, row in enumerate(rows):
        texts = {heading_key(str(cell)) for cell in row if cell}
        if first < 0 and any(texts):
            first = number
        if len(texts & known) > most:
            best, most = number, len(texts & known)
    return (best if best >= 0 else max(first, 0)), most


def title_rows(above: int, rows: Iterable[Sequence[str | None]]) -> list[Violation]:
    """Return a note where filled rows stand above the headings."""
    filled = sum(any(cell and cell.strip() for cell in row) for row in rows)
    if not filled:
        return []
    return [
        Violation(
            "UP-TITLE",
            f"{filled} title rows above the headings in row {above + 1} are left out.",
            above + 1,
            severity=Severity.INFO,
        )
    ]


def matched(
    headings: list[str], layout: FileLayout, line: int
) -> tuple[dict[str, int], list[Violation]]:
    """Return the position of each field's column, and what is wrong with the headings."""
    violations = Violations()
    by_name = {key: field.name for field in layout.fields for key in field.heading_keys}
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        name = by_name.get(heading_key(heading))
        if name is None:
            if heading:
                violations.add(
                    "UP-EXTRA",
                    f"The column {heading[:60]!r} is not used.",
                    line=line,
                    column=heading[:80],
                    severity=Severity.WARNING,
                )
        elif name in found:
            violations.add(
                "UP-TWICE", f"The column {heading!r} stands twice.", line=line, column=heading[:80]
            )
        else:
            found[name] = position
    strange = [h for h in headings if h and heading_key(h) not in by_name]
    absent = [f for f in layout.fields if f.name not in found]
    violations.extend(
        Violation(
            "UP-MISSING",
            f"The column {field.header} is missing.{_perhaps(field, strange)} The template shows "
            "all headings.",
            line,
            field.header,
        )
        for field in absent
        if not field.optional_column
    )
    violations.extend(_misspelt(strange, absent, line))
    return found, violations.rows


def no_headings(begins: Sequence[str | None]) -> str:
    """Return what to tell of a file in which no heading of its kind was found.

    begins: the cells with which it begins.
    """
    words = " ".join(" ".join(cell for cell in begins if cell).split())
    return (
        f"None of the first {LOOKED_AT} rows holds a heading of this kind of file. It begins with: "
        f"{words[:MOST_SHOWN]!r}. The template shows all headings."
    )


def in_two_rows(
    headings: Sequence[str],
    before: Sequence[str | None],
    after: Sequence[Sequence[str | None]],
    layout: FileLayout,
    found: Mapping[str, int],
) -> int:
    """Return where the row stands that holds other headings: 0 for nowhere, -1 above, 1 below.

    before, after: the rows beside the one in which most headings were found. A heading above counts
    over a blank, as in merged cells; one below only in a row that is blank under those found.
    """
    absent = {key for f in layout.fields if f.name not in found for key in f.heading_keys}
    above = [cell for cell, heading in zip(before, headings, strict=False) if not heading]
    if any(cell and heading_key(cell) in absent for cell in above):
        return -1
    below = after[0] if after else ()
    taken = set(found.values())
    blank = not any(cell and cell.strip() for n, cell in enumerate(below) if n in taken)
    return int(blank and any(cell and heading_key(cell) in absent for cell in below))


def two_rows(line: int) -> Violation:
    """Return the refusal of headings that stand in a row and the one below it, the first of them
    ``line``.
    """
    return Violation(
        "UP-TWO-ROWS",
        f"The headings stand in two rows, {line} and {line + 1}. Write all of them in one row.",
        line,
    )


def nameless(
    filled: Sequence[int], layout: FileLayout, found: Mapping[str, int], line: int, left_out: int
) -> list[Violation]:
    """Return what to say of columns that hold values below no heading.

    filled: their positions. An error where a column that would hold a value is missing: it may be
    that one. ``left_out`` empty columns stand before the first.
    """
    missing = [f.header for f in layout.fields if f.name not in found and _counts(f)]
    faults = []
    for position in filled:
        at = f"The column {column_letters(position + left_out + 1)} has values but no heading"
        if missing:
            told = (
                f"{at}, and there is no column {_listed(missing)}. Write its heading or empty it."
            )
            faults.append(Violation("UP-NAMELESS", told, line))
        else:
            told = f"{at}; it is not used."
            faults.append(Violation("UP-NAMELESS", told, line, severity=Severity.WARNING))
    return faults


def _listed(names: Sequence[str]) -> str:
    if len(names) > MOST_LISTED:
        return f"{', '.join(names[:MOST_LISTED])} and {len(names) - MOST_LISTED} more"
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _counts(field: Field) -> bool:
    """Whether leaving a column out would leave a number, a date or a choice unsaid."""
    return field.optional_column and field.type is not FieldType.TEXT


def _perhaps(field: Field, strange: list[str]) -> str:
    like = next((h for h in strange if _alike(h, field)), "")
    return f" There is one called {like[:60]!r}." if like else ""


def left_out(layout: FileLayout, found: Mapping[str, int], line: int) -> list[Violation]:
    """Return a warning of the columns left out that a file of its kind seldom goes without."""
    missed = [f for f in layout.fields if f.missed and f.name not in found]
    if not missed:
        return []
    names = ", ".join(f.header for f in missed)
    column = "columns" if missed[1:] else "column"
    return [
        Violation(
            "UP-LEFT-OUT",
            f"There is no {column} {names}: every row is read with {missed[0].default} there. "
            "Add what is known, or say why it is right.",
            line,
            severity=Severity.WARNING,
        )
    ]


def _misspelt(strange: list[str], absent: list[Field], line: int) -> list[Violation]:
    """A column that may be left out is missing, and one like its name would not be read.

    An error where the missing one would hold values and the words or nearly the letters are its
    own; a warning where they are only like it.
    """
    faults = []
    for field in absent:
        if not field.optional_column:
            continue
        same = next((h for h in strange if _counts(field) and _same(h, field)), None)
        heading = same or next((h for h in strange if _alike(h, field)), None)
        if heading is not None:
            faults.append(
                Violation(
                    "UP-LIKE",
                    f"There is no column {field.header}, but one called {heading[:60]!r}, which "
                    + ("would not be read. " if same else "is not read. ")
                    + "Rename it, or take it out.",
                    line,
                    heading[:80],
                    Severity.ERROR if same else Severity.WARNING,
                )
            )
    return faults


def _same(heading: str, field: Field) -> bool:
    """Whether a heading is a field's own but for its order, units, separators or a letter."""
    names = (field.header, *field.aliases)
    if get_close_matches(heading.casefold(), [n.casefold() for n in names], 1, 0.8):
        return True
    words = _telling(heading)
    return bool(words) and any(words == _telling(name) for name in names)


def _telling(heading: str) -> set[str]:
    """Return the words of a heading, those of one meaning alike, without units."""
    text = LONG_DAY_AHEAD.sub("da", heading.casefold())
    return {SAME_WORD.get(word, word) for word in WORD.findall(text)} - UNITS


def _alike(heading: str, field: Field) -> bool:
    """Whether a heading may be meant for a field: nearly its letters, or a word that tells it.

    ``DA_LPM``, ``LMP_DA`` and ``Day-ahead LMP ($/MWh)`` are like ``DA_LMP``. Words of units tell
    nothing, and texts of remarks are told by their letters alone.
    """
    names = (field.header, *field.aliases)
    if get_close_matches(heading.casefold(), [n.casefold() for n in names], 1, 0.8):
        return True
    if field.type is FieldType.TEXT:
        return False
    return any(_words(heading) & _words(name) for name in names)


def _words(heading: str) -> set[str]:
    return set(WORD.findall(heading.casefold())) - UNTELLING

"""Which row of a file holds the headings, and which column each of them names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from apps.platform.core.layouts import Field, FileLayout, heading_key
from apps.platform.core.violations import Severity, Violation, Violations


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
    violations.extend(
        Violation(
            "UP-MISSING",
            f"The column {field.header} is missing. The template shows all headings.",
            line,
            field.header,
        )
        for field in layout.fields
        if field.name not in found and not field.optional_column
    )
    strange = [h for h in headings if h and heading_key(h) not in by_name]
    violations.extend(_misspelt(strange, [f for f in layout.fields if f.name not in found], line))
    return found, violations.rows


def _misspelt(strange: list[str], absent: list[Field], line: int) -> list[Violation]:
    """A column that may be left out is missing, and one of nearly its name would not be read."""
    faults = []
    for field in absent:
        like = get_close_matches(field.header.casefold(), [h.casefold() for h in strange], 1, 0.8)
        if like and field.optional_column:
            heading = next(h for h in strange if h.casefold() == like[0])
            faults.append(
                Violation(
                    "UP-LIKE",
                    f"There is no column {field.header}, but one called "
                    f"{heading[:60]!r}, which would not be read. Rename it, or take it out.",
                    line,
                    heading[:80],
                )
            )
    return faults

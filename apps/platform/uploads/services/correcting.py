"""Correct rejected rows in the browser: the corrected file is an upload of its own, beside the
first.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from apps.platform.accounts.models import User
from apps.platform.core.layouts import Field, FileLayout
from apps.platform.core.numbers import readings
from apps.platform.core.spreadsheet_text import guarded_row
from apps.platform.core.suggestions import meant
from apps.platform.core.violations import Violation
from apps.platform.core.words import counted
from apps.platform.uploads.models import Upload
from apps.platform.uploads.rules import compare
from apps.platform.uploads.selectors import current_version
from apps.platform.uploads.services.receiving import UploadRefused, receive
from apps.platform.uploads.services.staging import stage

MOST_ROWS = 200
MOST_REPLACEMENTS = 20
EVERY_ROW = 10_000_000


@dataclass(frozen=True)
class RejectedCell:
    """One cell of a rejected row: its field, its text, and what is wrong with it.

    ``first``: the first faulty one, where the page begins. ``key``: it names the row. ``readings``:
    what its text may mean, for a person to choose from.
    """

    name: str
    header: str
    text: str
    violation: str
    first: bool = False
    key: bool = False
    readings: tuple[str, ...] = ()


@dataclass(frozen=True)
class RejectedRow:
    """One rejected row; ``violation`` is what is said of the row as a whole."""

    line: int
    cells: list[RejectedCell]
    violation: str


@dataclass(frozen=True)
class Replacement:
    """A text that stands wrong in a column, what it may mean, and the rows it stands in."""

    name: str
    header: str
    text: str
    instead: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class RejectedGrid:
    """The first 200 rejected rows, how many there are, and what one click can correct in all."""

    rows: list[RejectedRow]
    count: int
    replacements: list[Replacement]


def rejected_grid(upload: Upload) -> RejectedGrid:
    """Return the first 200 rejected rows cell by cell, how many there are, and replacements.

    Replacements are of all rejected rows, those in most rows first, 20 at most: texts whose
    violation asks for one known name, and numbers that can be read in one way only.
    """
    staged = stage(upload)
    said: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for violation in staged.errors:
        said[violation.line][violation.column].append(violation.message)
    layout = staged.kind.layout
    headers = {f.header for f in layout.fields}
    frame = staged.sheet.frame.filter(pl.col("line_no").is_in(list(said)))
    rows = []
    begun = False
    for row in frame.head(MOST_ROWS).iter_rows(named=True):
        line, cells = row["line_no"], []
        for f in layout.fields:
            text, told = row[f.name] or "", said[line].get(f.header, [])
            first = bool(told) and not begun
            begun = begun or first
            meanings = _readings(f, text, told)
            key = f.name in layout.key
            cells.append(RejectedCell(f.name, f.header, text, " ".join(told), first, key, meanings))
        whole = " ".join(m for col, ms in said[line].items() if col not in headers for m in ms)
        rows.append(RejectedRow(line, cells, whole))
    return RejectedGrid(rows, frame.height, _replacements(layout, frame, said))


def _readings(field: Field, text: str, told: Sequence[str]) -> tuple[str, ...]:
    """Return what the text of a faulty cell may mean: the name asked for, or clear numbers."""
    asked = dict.fromkeys(name for message in told if (name := meant(message)))
    if asked or not told or field.quantity is None:
        return tuple(asked)
    return tuple(readings(text))


def _replacements(
    layout: FileLayout, frame: pl.DataFrame, said: Mapping[int, Mapping[str, Sequence[str]]]
) -> list[Replacement]:
    found: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for f in layout.fields:
        for line, cell in frame.select("line_no", f.name).iter_rows():
            meanings = _readings(f, cell or "", said[line].get(f.header, ()))
            if len(meanings) == 1:
                found[f.name, f.header, cell, meanings[0]].append(line)
    made = [Replacement(*about, tuple(lines)) for about, lines in found.items()]
    return sorted(made, key=lambda r: (-len(r.lines), r.header, r.text))[:MOST_REPLACEMENTS]


@transaction.atomic
def correct_rows(
    *,
    upload_id: int,
    changes: Mapping[tuple[int, str], str],
    dropped: set[int],
    actor: User,
    at: datetime,
) -> Upload:
    """Send the rows of an upload again with some cells changed and some rows left out.

    The first file stays as it was received; the corrected one is received like any other, names the
    first, and is read and confirmed like any other. Raises UploadRefused where nothing is changed.
    """
    first = Upload.objects.select_for_update().get(pk=upload_id)
    if first.state not in ("REFUSED", "READY"):
        raise UploadRefused(
            [Violation("UP-CORRECT", f"This upload is {first.state}; it cannot be corrected.")]
        )
    staged = stage(first)
    fields = staged.kind.layout.fields
    names = {f.name for f in fields}
    wanted = {k: v for k, v in changes.items() if k[1] in names}
    before = staged.sheet.frame
    frame = before.filter(~pl.col("line_no").is_in(list(dropped)))
    for field in fields:
        by_line = {line: text for (line, name), text in wanted.items() if name == field.name}
        if by_line:
            new = pl.col("line_no").replace_strict(
                by_line, default=pl.col(field.name), return_dtype=pl.String
            )
            frame = frame.with_columns(new.alias(field.name))
    if frame.equals(before):
        raise UploadRefused([Violation("UP-CORRECT", "Nothing was changed.")])
    renamed = frame.drop("line_no").rename({f.name: f.header for f in fields})
    stem = first.file_name.rsplit(".", 1)[0].removesuffix(" (corrected)")
    upload = receive(
        kind_code=first.kind,
        file_name=f"{stem} (corrected).csv",
        content=renamed.write_csv().encode(),
        actor=actor,
        at=at,
        options=first.options,
        note=f"corrected from no. {first.pk}: {counted(len(wanted), 'cell')}, "
        f"{counted(len(dropped), 'row')} left out",
    )
    Upload.objects.filter(pk=upload.pk).update(corrects=first)
    upload.corrects = first
    return upload


def changes_csv(found: list[dict[str, Any]], layout: FileLayout) -> str:
    """Return every change as CSV: one line a changed column, one a row that is added or ends."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    keys = [layout.field(k).header for k in layout.key]
    writer.writerow(["PERIOD", "CHANGE", "ROW", *keys, "COLUMN", "WAS", "NOW"])
    for entry in found:
        head = [
            entry["period"],
            entry["change"],
            entry["line"] or "",
            *(str(k) for k in entry["key"]),
        ]
        for moved in entry["changes"] or [{"column": "", "was": "", "now": ""}]:
            writer.writerow(guarded_row([*head, moved["column"], moved["was"], moved["now"]]))
    return target.getvalue()


def all_changes(upload: Upload) -> list[dict[str, Any]]:
    """Return every row an upload would add, change or end against the current dataset versions.

    Each entry: period, base version, change, row in file, key, and for a changed row the columns
    with what they were and are.
    """
    staged = stage(upload)
    if staged.errors:
        return []
    layout = staged.kind.layout
    found: list[dict[str, Any]] = []
    for period, frame in sorted(staged.file.periods.items()):
        base = current_version(staged.kind.dataset.name, period)
        difference = compare(
            frame,
            staged.kind.current(period),
            layout,
            replaces=staged.kind.replaces,
            parts=staged.kind.parts_of(upload.options),
            sample=EVERY_ROW,
        )
        for change in ("changed", "added", "removed"):
            for row in difference.samples.get(change, []):
                found.append(
                    {
                        "period": period,
                        "base": base.version if base else 0,
                        "change": change,
                        "line": row.get("line", 0),
                        "key": [row.get(k, "") for k in layout.key],
                        "changes": row.get("changes", []),
                        "row": row,
                    }
                )
    return found

"""Which kind of file some bytes are, by their headings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.platform.accounts.rules import Viewer
from apps.platform.core.layouts import heading_key
from apps.platform.core.violations import Violation
from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
from apps.platform.uploads.services.apart import first_rows
from apps.platform.uploads.services.text_table import Unreadable

MOST_NEAR = 3
MOST_SHOWN = 12


@dataclass(frozen=True)
class Recognised:
    """What a file may be.

    ``kinds`` hold all their headings in it and most of them; ``near`` are the kinds that come
    nearest where none does, with the headings they miss. ``violations`` say why nothing fits.
    """

    kinds: list[UploadKind]
    near: list[tuple[UploadKind, list[str]]]
    violations: list[Violation]


def recognise(content: bytes, viewer: Viewer) -> Recognised:
    """Return the kinds whose headings a file holds, of those the viewer may send (BRQ-0105).

    Only the first rows of the file are looked at, so that it takes no longer for a large one.
    """
    try:
        cuts = first_rows(content)
    except Unreadable as trouble:
        return Recognised([], [], [trouble.violation])
    rows = _headings(cuts)
    offered = [k for k in UPLOAD_KINDS if viewer.may(k.upload_roles)]
    if whole := _fullest(_whole(rows), offered):
        return Recognised(whole, [], [])
    held = {k.code: max((len(k.layout.held_by(row)) for row in rows), default=0) for k in offered}
    near = sorted((k for k in offered if held[k.code] > 1), key=lambda k: -held[k.code])[:MOST_NEAR]
    return Recognised([], [(k, _missing(k, rows)) for k in near], [_unknown(cuts)])


def kinds_that_fit(content: bytes) -> dict[str, int]:
    """Return the kinds all of whose headings a file holds, and how many headings that is."""
    try:
        return _whole(_headings(first_rows(content)))
    except Unreadable:
        return {}


def _headings(cuts: list[list[list[str]]]) -> list[set[str]]:
    return [{heading_key(cell) for cell in row if cell.strip()} for cut in cuts for row in cut]


def _whole(rows: list[set[str]]) -> dict[str, int]:
    return {
        k.code: max(len(k.layout.held_by(row)) for row in rows)
        for k in UPLOAD_KINDS
        if any(k.layout.whole_in(row) for row in rows)
    }


def _fullest(whole: Mapping[str, int], offered: list[UploadKind]) -> list[UploadKind]:
    """Return those of the kinds offered that hold most headings."""
    most = max((whole[k.code] for k in offered if k.code in whole), default=0)
    return [k for k in offered if whole.get(k.code) == most]


def _missing(kind: UploadKind, rows: list[set[str]]) -> list[str]:
    row = max(rows, key=lambda r: len(kind.layout.held_by(r)))
    held = kind.layout.held_by(row)
    return [f.header for f in kind.layout.fields if f not in held and not f.optional_column]


def _unknown(cuts: list[list[list[str]]]) -> Violation:
    widest = max(cuts, key=lambda cut: max((len(row) for row in cut), default=0), default=[])
    row = next((r for r in widest if sum(bool(c.strip()) for c in r) > 1), [])
    shown = ", ".join(c.strip()[:40] for c in row[:MOST_SHOWN] if c.strip())
    told = f" It begins with: {shown}." if shown else ""
    return Violation("UP-KIND", f"These are the headings of no kind of file you may send.{told}")


def several(found: Recognised) -> list[Violation]:
    """Return the violation of a file whose headings fit more than one kind."""
    names = " or ".join(f"{k.title} ({k.code})" for k in found.kinds)
    return [
        Violation("UP-KIND", f"The headings are those of {names}: name the kind.", column="kind")
    ]


def other_kinds(preview: Mapping[str, Any], kind_code: str, viewer: Viewer) -> list[UploadKind]:
    """Return the kinds, apart from one, that a file was found to fit when it was read."""
    offered = [k for k in UPLOAD_KINDS if viewer.may(k.upload_roles)]
    return [k for k in _fullest(preview.get("fits", {}), offered) if k.code != kind_code]

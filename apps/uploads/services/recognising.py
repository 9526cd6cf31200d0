"""Which kind of file some bytes are, by their headings."""

from __future__ import annotations

from dataclasses import dataclass

from apps.accounts.rules import Viewer
from apps.kernel.findings import Finding
from apps.kernel.records import heading_key
from apps.uploads.services.reading import Unreadable, first_rows
from apps.uploads.terms import UploadKind, kinds

MOST_NEAR = 3
MOST_SHOWN = 12


@dataclass(frozen=True)
class Recognised:
    """What a file may be.

    ``kinds`` hold all their headings in it and most of them; ``near`` are the kinds that come
    nearest where none does, with the headings they miss. ``findings`` say why nothing fits.
    """

    kinds: list[UploadKind]
    near: list[tuple[UploadKind, list[str]]]
    findings: list[Finding]


def recognise(content: bytes, viewer: Viewer) -> Recognised:
    """Return the kinds whose headings a file holds, of those the viewer may send (BRQ-0105)."""
    try:
        cuts = first_rows(content)
    except Unreadable as trouble:
        return Recognised([], [], [trouble.finding])
    rows = [{heading_key(cell) for cell in row if cell.strip()} for cut in cuts for row in cut]
    offered = [k for k in kinds() if viewer.may(k.upload_roles)]
    held = {k.code: max((len(k.record.held_by(row)) for row in rows), default=0) for k in offered}
    whole = [k for k in offered if any(k.record.whole_in(row) for row in rows)]
    if whole:
        most = max(held[k.code] for k in whole)
        return Recognised([k for k in whole if held[k.code] == most], [], [])
    near = sorted((k for k in offered if held[k.code] > 1), key=lambda k: -held[k.code])[:MOST_NEAR]
    return Recognised([], [(k, _missing(k, rows)) for k in near], [_unknown(cuts)])


def _missing(kind: UploadKind, rows: list[set[str]]) -> list[str]:
    row = max(rows, key=lambda r: len(kind.record.held_by(r)))
    held = kind.record.held_by(row)
    return [f.header for f in kind.record.fields if f not in held and not f.optional_column]


def _unknown(cuts: list[list[list[str]]]) -> Finding:
    widest = max(cuts, key=lambda cut: max((len(row) for row in cut), default=0), default=[])
    row = next((r for r in widest if sum(bool(c.strip()) for c in r) > 1), [])
    shown = ", ".join(c.strip()[:40] for c in row[:MOST_SHOWN] if c.strip())
    told = f" It begins with: {shown}." if shown else ""
    return Finding("UP-KIND", f"These are the headings of no kind of file you may send.{told}")


def several(found: Recognised) -> list[Finding]:
    """Return the finding of a file whose headings fit more than one kind."""
    names = " or ".join(f"{k.title} ({k.code})" for k in found.kinds)
    return [Finding("UP-KIND", f"The headings are those of {names}: name the kind.", column="kind")]


def other_kinds(content: bytes, kind_code: str, viewer: Viewer) -> list[UploadKind]:
    """Return the kinds, apart from one, whose headings a file holds."""
    return [k for k in recognise(content, viewer).kinds if k.code != kind_code]

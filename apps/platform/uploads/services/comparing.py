"""What the periods of a read file would change, and which parts of them stay as they are."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Any

import polars as pl

from apps.platform.core.layouts import IDS
from apps.platform.core.violations import Severity, Violation
from apps.platform.core.words import counted
from apps.platform.uploads.hooks import UploadKind
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.rules import Difference, compare
from apps.platform.uploads.selectors import current_version
from apps.platform.uploads.services.apart import ReadingBusy
from apps.platform.uploads.services.typed_files import TypedFile

MOST_SHOWN = 5
MOST_NAMED = 10


class VersionUnreadable(ReadingBusy):
    """The rows of a version in force cannot be read, so nothing can be compared with them."""

    def __init__(self, version: DatasetVersion, violations: list[Violation]) -> None:
        because = f" {violations[0].message}" if violations else ""
        super().__init__(
            f"{version.title} is in force, and the rows of its file (upload no. "
            f"{version.upload_id}) cannot be read now, so nothing is compared with them.{because} "
            "Try again later; where it stays so, send a file that covers the whole period."
        )


@dataclass(frozen=True)
class ComparedPeriod:
    """The rows of one period beside those in force.

    ``left_out``: SCs or resources in force that a file leaves out which covers all else.
    """

    period: str
    frame: pl.DataFrame
    base: DatasetVersion | None
    before: pl.DataFrame | None
    difference: Difference
    same: bool
    left_out: tuple[str, ...] = ()

    def entry(self, *, samples: bool) -> dict[str, Any]:
        """The period as the preview keeps it; ``samples``: with some rows of each change."""
        shown = self.difference if samples else replace(self.difference, samples={})
        return {
            "period": self.period,
            "base": self.base.version if self.base else 0,
            "rows": self.frame.height,
            "same": self.same,
            **asdict(shown),
        }


def compared_periods(file: TypedFile) -> list[ComparedPeriod]:
    """Return each period of a file beside what is in force, in their order.

    A period is the same where its rows are those of the whole version, or where the parts it names
    stand in force with the very same rows, be it every part of a version that carries some. Raises
    VersionUnreadable where a file corrects parts of a version whose rows cannot be read: the other
    parts would end with it, unseen. One that stands for the whole period needs no other part.
    """
    found = []
    wanted, parts = file.kind, file.kind.parts_of(file.options)
    for period, frame in sorted(file.periods.items()):
        base = current_version(wanted.dataset.name, period)
        before = _in_force(wanted, base, period, parts)
        difference = compare(frame, before, wanted.layout, replaces=wanted.replaces, parts=parts)
        same = base is not None and (
            base.content_hash == file.digest(period)
            or bool((difference.kept or base.carries_id) and not _moves(difference))
        )
        left_out = _left_out(frame, before, parts) if difference.kept else ()
        found.append(ComparedPeriod(period, frame, base, before, difference, same, left_out))
    return found


def _in_force(
    wanted: UploadKind, base: DatasetVersion | None, period: str, parts: tuple[str, ...]
) -> pl.DataFrame | None:
    try:
        before = wanted.current(period)
    except VersionUnreadable:
        if parts:
            raise
        return None
    if base is not None and before is None and parts:
        raise VersionUnreadable(base, [])
    return before


def _left_out(
    frame: pl.DataFrame, before: pl.DataFrame | None, parts: tuple[str, ...]
) -> tuple[str, ...]:
    """Return who of those in force is left out by a file that names every other part of a period.

    *Interpretation*: a file that has all hours of a day, and of more than half of those in force,
    may be meant to be the whole day; one of fewer corrects those it names.
    """
    who = next((c for c in parts if c in IDS), None)
    others = [c for c in parts if c != who]
    if before is None or who is None:
        return ()
    if others:
        named = frame.select(others).unique()
        if before.select(others).unique().join(named, on=others, how="anti").height:
            return ()
    stand, named_now = before.select(who).unique(), frame.select(who).unique()
    rest = stand.join(named_now, on=who, how="anti")
    if 2 * rest.height >= stand.height:
        return ()
    return tuple(sorted(rest[who].drop_nulls().to_list()))


def _moves(difference: Difference) -> int:
    return difference.added + difference.changed + difference.removed


def preview_of(periods: list[ComparedPeriod]) -> list[dict[str, Any]]:
    """Return what the preview keeps: counts for all periods, rows for the first few."""
    return [p.entry(samples=number < MOST_SHOWN) for number, p in enumerate(periods)]


def content_of(digest: str, base: DatasetVersion | None, kept: int) -> str:
    """Return the fingerprint of a version: of its file, and of what it carries where it does."""
    if base is None or not kept:
        return digest
    return hashlib.sha256(f"{digest} and {kept} rows of {base.content_hash}".encode()).hexdigest()


def listed(names: tuple[str, ...]) -> str:
    """Return names as a sentence has them: the first ten, and how many more."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def notes_of(periods: list[ComparedPeriod]) -> list[Violation]:
    """Return what is worth saying of periods: the same as before, rows that end, rows that stay."""
    notes = []
    for p in periods:
        base = p.base.version if p.base else 0
        if p.same:
            notes.append(
                Violation(
                    "UP-SAME",
                    f"{p.period}: identical to version {base}; confirming changes nothing.",
                    severity=Severity.INFO,
                )
            )
            continue
        if p.base is not None and p.before is None:
            notes.append(
                Violation(
                    "UP-ENDS",
                    f"{p.period}: the rows of version {base} cannot be read and compared; all that "
                    "are not in the file end with it.",
                    severity=Severity.WARNING,
                )
            )
        if p.difference.removed:
            many = p.difference.removed != 1
            notes.append(
                Violation(
                    "UP-ENDS",
                    f"{p.period}: {counted(p.difference.removed, 'row')} of version {base} not in "
                    f"the file {'end' if many else 'ends'} with it.",
                    severity=Severity.WARNING,
                )
            )
        if p.difference.kept:
            many = p.difference.kept != 1
            left = listed(p.left_out)
            whole = f" It has all the rest of the period, but nothing of {left}." if left else ""
            notes.append(
                Violation(
                    "UP-STAYS",
                    f"{p.period}: the file corrects the parts it has rows of; "
                    f"{counted(p.difference.kept, 'other row')} of version {base} "
                    f"{'stay' if many else 'stays'} in force.{whole}",
                    severity=Severity.WARNING if left else Severity.INFO,
                )
            )
    return notes

"""What a file says by itself: its texts, its typed rows, each period's fingerprint.

All of it follows from the bytes alone, so a process keeps the last files it read: whoever reads,
corrects or confirms a file next need not parse it anew. What is checked against the database is not
kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property
from threading import Lock

import polars as pl

from apps.platform.core.violations import Violation
from apps.platform.jobs.codes import Steps
from apps.platform.uploads.hooks import UploadKind, kind
from apps.platform.uploads.models import Upload
from apps.platform.uploads.rules import content_hash
from apps.platform.uploads.services.apart import took_too_much, typed_sheet
from apps.platform.uploads.services.reading import Sheet

MOST_KEPT = 3
MOST_KEPT_BYTES = 60_000_000
VIOLATION_BYTES = 600
READ_BEFORE = ("READY", "CONFIRMED")

Key = tuple[str, str, tuple[tuple[str, str], ...]]
_KEPT: OrderedDict[Key, TypedFile] = OrderedDict()
_LOCK = Lock()


class TypedFile:
    """The rows of a file as texts and typed, with every violation about their shape.

    ``options``: those of the sender, with what the file tells of them itself.
    ``misshapen``: the numbers of all rows of which a cell does not fit.
    """

    def __init__(
        self,
        wanted: UploadKind,
        sheet: Sheet,
        frame: pl.DataFrame,
        violations: list[Violation],
        options: Mapping[str, str],
        misshapen: pl.Series,
    ) -> None:
        self.kind, self.sheet, self.frame = wanted, sheet, frame
        self.violations, self.options, self.misshapen = violations, options, misshapen
        self._digests: dict[str, str] = {}

    @cached_property
    def periods(self) -> dict[str, pl.DataFrame]:
        """The rows of each period the file speaks of."""
        names = self.kind.period_of(self.frame, self.options).alias("__period")
        split = self.frame.with_columns(names).partition_by(
            "__period", as_dict=True, include_key=False, maintain_order=True
        )
        return {str(name[0]): part for name, part in split.items()}

    @cached_property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        texts = self.sheet.frame.estimated_size() + self.frame.estimated_size()
        return int(texts) + VIOLATION_BYTES * len(self.violations)

    def digest(self, period: str) -> str:
        """Return the fingerprint of a period's rows."""
        if period not in self._digests:
            self._digests[period] = content_hash(self.periods[period], self.kind.layout)
        return self._digests[period]


def typed_file(upload: Upload, steps: Steps) -> TypedFile:
    """Return what an upload's bytes say, parsed now or kept from before; raises ReadingBusy.

    That it took too much memory or time is not kept: it may have been for the load of the machine.
    """
    key = (upload.kind, upload.sha256, tuple(sorted(upload.options.items())))
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    done = _parsed(upload, steps)
    if done.size <= MOST_KEPT_BYTES and not took_too_much(done.sheet):
        with _LOCK:
            _KEPT[key] = done
            while len(_KEPT) > MOST_KEPT or sum(f.size for f in _KEPT.values()) > MOST_KEPT_BYTES:
                _KEPT.popitem(last=False)
    return done


def _parsed(upload: Upload, steps: Steps) -> TypedFile:
    wanted = kind(upload.kind)
    steps.step(0, 100, "reading the file")
    accepted = upload.state in READ_BEFORE
    content = bytes(upload.content.content)
    sheet, columns = typed_sheet(content, wanted.layout, steps, accepted=accepted)
    frame, wrong = columns.frame, sheet.frame["line_no"].filter(columns.wrong)
    options: Mapping[str, str] = upload.options
    against: list[Violation] = []
    if wanted.tells is not None:
        options, against = wanted.tells(frame, sheet.frame, options)
    if wanted.read_as is not None:
        frame = wanted.read_as(frame, options)
    violations = [*sheet.violations, *columns.violations, *against]
    return TypedFile(wanted, sheet, frame, violations, options, wrong)

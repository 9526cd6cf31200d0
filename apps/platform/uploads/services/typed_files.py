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
from apps.platform.uploads.rules import content_hash, typed_frame
from apps.platform.uploads.services.reading import Sheet, read_sheet

MOST_KEPT = 3
MOST_KEPT_BYTES = 200_000_000

Key = tuple[str, str, tuple[tuple[str, str], ...]]
_KEPT: OrderedDict[Key, TypedFile] = OrderedDict()
_LOCK = Lock()


class TypedFile:
    """The rows of a file as texts and typed, with every violation about their shape.

    ``options``: those of the sender, with what the file tells of them itself.
    """

    def __init__(
        self,
        wanted: UploadKind,
        sheet: Sheet,
        frame: pl.DataFrame,
        violations: list[Violation],
        options: Mapping[str, str],
    ) -> None:
        self.kind, self.sheet, self.frame = wanted, sheet, frame
        self.violations, self.options = violations, options
        self._digests: dict[str, str] = {}

    @cached_property
    def periods(self) -> dict[str, pl.DataFrame]:
        """The rows of each period the file speaks of."""
        names = self.kind.period_of(self.frame, self.options).alias("__period")
        split = self.frame.with_columns(names).partition_by(
            "__period", as_dict=True, include_key=False, maintain_order=True
        )
        return {str(name[0]): part for name, part in split.items()}

    def digest(self, period: str) -> str:
        """Return the fingerprint of a period's rows."""
        if period not in self._digests:
            self._digests[period] = content_hash(self.periods[period], self.kind.layout)
        return self._digests[period]


def typed_file(upload: Upload, steps: Steps) -> TypedFile:
    """Return what an upload's bytes say, parsed now or kept from before."""
    key = (upload.kind, upload.sha256, tuple(sorted(upload.options.items())))
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    done = _parsed(upload, steps)
    if done.frame.estimated_size() <= MOST_KEPT_BYTES:
        with _LOCK:
            _KEPT[key] = done
            while len(_KEPT) > MOST_KEPT:
                _KEPT.popitem(last=False)
    return done


def _parsed(upload: Upload, steps: Steps) -> TypedFile:
    wanted = kind(upload.kind)
    steps.step(0, 100, "reading the file")
    sheet = read_sheet(bytes(upload.content.content), wanted.layout)
    rows, columns = sheet.frame.height, len(wanted.layout.fields) + 2

    def column_done(number: int, header: str) -> None:
        steps.step(rows * number // columns, rows, f"checked column {header} of {rows:,} rows")

    frame, shape = typed_frame(sheet.frame, wanted.layout, column_done)
    options: Mapping[str, str] = upload.options
    against: list[Violation] = []
    if wanted.tells is not None:
        options, against = wanted.tells(frame, sheet.frame, options)
    if wanted.read_as is not None:
        frame = wanted.read_as(frame, options)
    return TypedFile(wanted, sheet, frame, [*sheet.violations, *shape, *against], options)

"""Make a worksheet readable whose cells the reader does not take, so that each can be named.

The reader of sheets gives up a whole workbook for one error word that it does not know, such as
``#SPILL!``, or one number that is none. Here such values are taken out of a copy; ``inspect`` then
finds them in the sheet as it was sent.
"""

from __future__ import annotations

import io
import re
import zipfile

from apps.platform.uploads.services.sheet_parts import Enough
from apps.platform.uploads.services.sheet_scan import MOST_NAMED, Walk

KNOWN_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
STAND_IN = b"#N/A"
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
MOST_REPAIRED = 64 * 1024 * 1024


class _Refused(Walk):
    """Finds where in a part the values stand that the reader would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.begins = 0
        self.found: list[tuple[int, int, bytes]] = []
        self.place = (0, 0)

    def start(self, name: str, given: dict[str, str]) -> None:
        """Note where a value begins."""
        super().start(name, given)
        if self.inside == "v":
            self.begins = self.parser.CurrentByteIndex

    def end(self, name: str) -> None:
        """Note where a value ends."""
        if self.inside == "v":
            self.place = (self.begins, self.parser.CurrentByteIndex)
        super().end(name)

    def judge(self) -> None:
        """Keep the place of a value that is none."""
        text = self.text
        if self.kind == "e" and text not in KNOWN_ERRORS:
            self.found.append((*self.place, STAND_IN))
        elif self.kind == "n" and text and not NUMBER.fullmatch(text):
            self.found.append((*self.place, b""))
        if len(self.found) > MOST_NAMED:
            raise Enough


def without_refused(content: bytes, path: str) -> bytes | None:
    """Return a workbook without the values that its reader refuses, None where there are none.

    path: the part of the sheet that is read. A copy is unpacked in memory; larger ones than 64 MB
    are not repaired.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_REPAIRED:
            return None
        refused = _Refused()
        refused.read(parts, path)
        if not refused.found or len(refused.found) > MOST_NAMED:
            return None
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as copy:
            for part in parts.infolist():
                held = parts.read(part)
                copy.writestr(
                    part.filename, _spliced(held, refused) if part.filename == path else held
                )
    return target.getvalue()


def _spliced(held: bytes, refused: _Refused) -> bytes:
    pieces, after = [], 0
    for begins, ends, stand_in in refused.found:
        opened = held.index(b">", begins) + 1
        pieces += [held[after:opened], stand_in]
        after = max(ends, opened)
    return b"".join([*pieces, held[after:]])

"""Files that SCs file themselves: their bytes, and their rows typed."""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl

from apps.platform.kernel.findings import Finding, Refusal
from apps.platform.kernel.records import Record
from apps.platform.uploads.rules import typed_frame
from apps.platform.uploads.services.reading import read_sheet

MOST_BYTES = 5 * 1024 * 1024


def file_bytes(file: Any) -> bytes:
    """Return the bytes of a file that was sent; raises Refusal for one above 5 MB."""
    content: bytes = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refusal.because("UP-SIZE", "The file holds at most 5 MB.", "file")
    return content


def file_words(file: Any, content: bytes) -> dict[str, str]:
    """Return what is kept of a file beside its bytes."""
    return {
        "file_name": str(file.name).replace("\x00", "")[:200],
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def typed_rows(content: bytes, record: Record) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the typed rows of a file with every finding of its shape."""
    sheet = read_sheet(content, record)
    frame, shape = typed_frame(sheet.frame, record)
    return frame, [*sheet.findings, *shape]

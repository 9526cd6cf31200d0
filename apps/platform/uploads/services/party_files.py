"""Files that SCs file themselves: their bytes, and their rows typed."""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl

from apps.platform.core.layouts import FileLayout
from apps.platform.core.violations import ValidationFailed, Violation
from apps.platform.uploads.services.apart import typed_sheet

MOST_BYTES = 5 * 1024 * 1024


def file_bytes(file: Any) -> bytes:
    """Return the bytes of a file that was sent; raises ValidationFailed for one above 5 MB."""
    content: bytes = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValidationFailed.because("UP-SIZE", "The file holds at most 5 MB.", "file")
    return content


def file_words(file: Any, content: bytes) -> dict[str, str]:
    """Return what is kept of a file beside its bytes."""
    return {
        "file_name": str(file.name).replace("\x00", "")[:200],
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def typed_rows(content: bytes, layout: FileLayout) -> tuple[pl.DataFrame, list[Violation]]:
    """Return the typed rows of a file with every violation of its shape."""
    sheet, columns = typed_sheet(content, layout)
    return columns.frame, [*sheet.violations, *columns.violations]

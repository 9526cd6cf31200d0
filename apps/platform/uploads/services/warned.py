"""Warnings of confirmed files, and who confirmed over them."""

from __future__ import annotations

from collections.abc import Sequence

from apps.platform.core.violations import Severity
from apps.platform.uploads.hooks import AcknowledgedViolation
from apps.platform.uploads.models import DatasetVersion, UploadViolation

CHECK = "Reading of the file"


def acknowledged_warnings(versions: Sequence[DatasetVersion]) -> list[AcknowledgedViolation]:
    """Return the warnings of the files that versions came from, by code, with who confirmed them.

    The sentence is that of the first place. For the ISO: files of every sender are asked.
    """
    uploads = {v.upload_id: v.upload for v in versions}
    reading = {key: upload.preview.get("reading", 1) for key, upload in uploads.items()}
    rows = UploadViolation.objects.filter(upload_id__in=uploads, severity=Severity.WARNING)
    found: dict[tuple[int, str], tuple[str, int]] = {}
    for row in rows.order_by("upload_id", "code", "line", "pk"):
        if row.reading == reading[row.upload_id]:
            first, count = found.get((row.upload_id, row.code), (_said(row), 0))
            found[row.upload_id, row.code] = (first, count + 1)
    return [
        AcknowledgedViolation(v.pk, CHECK, code, said, count, v.confirmed_by.username, v.known_from)
        for v in versions
        for (upload, code), (said, count) in found.items()
        if upload == v.upload_id
    ]


def _said(row: UploadViolation) -> str:
    return f"Row {row.line}: {row.message}" if row.line else row.message

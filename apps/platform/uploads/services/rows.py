"""One uploaded row as received, for those it belongs to."""

from __future__ import annotations

from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.services import bypass_rls
from apps.platform.core.layouts import heading_key
from apps.platform.uploads.hooks import UnknownKind, UploadKind, kind
from apps.platform.uploads.models import DatasetVersion
from apps.platform.uploads.services.apart import raw_row
from apps.platform.uploads.services.carrying import origin_of


class RowNotYours(LookupError):
    """There is no such uploaded row, or it is not this viewer's to see."""


def uploaded_row(
    *, viewer: Viewer, version_id: int, line_no: int
) -> tuple[DatasetVersion, int, list[tuple[str, str]]]:
    """Return one row of a confirmed file as received, with the version and row of its own file.

    The ISO sees every row; an SC sees rows of published lists, and rows that the kind says are its.
    Raises RowNotYours for everything else, with the same words.
    """
    with bypass_rls("the row itself says whose it is; another party's is refused as missing"):
        return _row(viewer, version_id, line_no)


def _row(
    viewer: Viewer, version_id: int, line_no: int
) -> tuple[DatasetVersion, int, list[tuple[str, str]]]:
    refusal = RowNotYours("There is no such row, or it is not yours to see.")
    version = DatasetVersion.objects.filter(pk=version_id).select_related("upload").first()
    if version is None or not (viewer.is_iso or viewer.is_sc):
        raise refusal
    version, line_no = origin_of(version, line_no)
    try:
        wanted = kind(version.upload.kind)
        row = raw_row(bytes(version.upload.content.content), line_no, wanted.layout)
    except (LookupError, UnknownKind):
        raise refusal from None
    if not (viewer.is_iso or wanted.published or _owned(wanted, row, viewer)):
        raise refusal
    return version, line_no, row


def _owned(wanted: UploadKind, row: list[tuple[str, str]], viewer: Viewer) -> bool:
    if wanted.owner_of is None and wanted.open_to is None:
        return False
    cells = {heading_key(heading): cell.strip() for heading, cell in row}
    named = {
        field.name: next(
            (cells[key] for key in field.heading_keys if key in cells),
            "",
        )
        for field in wanted.layout.fields
    }
    if wanted.open_to is not None and wanted.open_to(named, viewer):
        return True
    owner = wanted.owner_of(named) if wanted.owner_of is not None else None
    return owner is not None and owner == viewer.party_id

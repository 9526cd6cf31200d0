"""Take papers for cases: type told by content, size limited, bytes kept with their hash."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import IntegrityError, transaction

from apps.platform.accounts.models import User
from apps.platform.audit.services import log_event
from apps.platform.core.violations import ValidationFailed
from apps.platform.core.zipped import too_many_parts
from apps.platform.documents.codes import (
    MOST_BYTES,
    MOST_OF_A_CASE,
    PAPER_KINDS,
    TAKEN,
    DocumentKind,
)
from apps.platform.documents.models import Document, DocumentContent


def paper_kind(content: bytes) -> DocumentKind | None:
    """Return what kind of document bytes are, by the bytes alone; None for what is not taken."""
    found = next((k for k in PAPER_KINDS if content.startswith(k.starts)), None)
    if found is not None and found.ending == "xlsx":
        if too_many_parts(content):
            return None
        try:
            names = set(zipfile.ZipFile(BytesIO(content)).namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return None
        if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
            return None
        if any(n.lower().endswith("vbaproject.bin") for n in names):
            return None
    return found


@transaction.atomic
def attach(
    *,
    desk: str,
    case_id: int,
    party_id: int | None,
    file_name: str,
    content: bytes,
    actor: User,
    at: datetime,
    subject: Any = None,
) -> Document:
    """Keep a document of a case; raises ValidationFailed for what is not taken.

    The caller has checked that the actor may add to the case, ``subject``; one that is decided or
    withdrawn takes none. The same bytes are kept once a case.
    """
    if subject is not None and subject.STATES.is_over(subject.state):
        raise ValidationFailed.because(
            "DOC-ENDED", f"It is {subject.state}; no document can be added any more.", "document"
        )
    if not content:
        raise ValidationFailed.because("DOC-EMPTY", "The file is empty.", "document")
    if len(content) > MOST_BYTES:
        raise ValidationFailed.because(
            "DOC-SIZE", f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.", "document"
        )
    kind = paper_kind(content)
    if kind is None:
        raise ValidationFailed.because(
            "DOC-TYPE", f"The file is no {TAKEN} by its content.", "document"
        )
    if Document.objects.filter(desk=desk, case_id=case_id).count() >= MOST_OF_A_CASE:
        raise ValidationFailed.because(
            "DOC-MANY", f"A case holds at most {MOST_OF_A_CASE} papers.", "document"
        )
    name = _tidy(file_name, kind)
    try:
        with transaction.atomic():
            paper = Document.objects.create(
                desk=desk,
                case_id=case_id,
                party_id=party_id,
                file_name=name,
                media_type=kind.media_type,
                size_bytes=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                sent_by=actor,
                sent_at=at,
            )
    except IntegrityError:
        raise ValidationFailed.because(
            "DOC-TWICE", "The case holds this very file already.", "document"
        ) from None
    DocumentContent.objects.create(document=paper, content=content)
    log_event(
        action="documents.document.attached",
        sentence=f"{name} attached",
        actor=actor,
        at=at,
        subject=subject or paper,
        data={"sha256": paper.sha256, "size": len(content)},
    )
    return paper


def _tidy(file_name: str, kind: DocumentKind) -> str:
    """Return a name safe to send back: no folders, no signs a header cannot hold."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(
        c if (c.isascii() and c.isalnum()) or c in " ._-()" else "_" for c in last
    ).strip(" .")[:150]
    stem = plain.rpartition(".")[0] if plain.lower().endswith(f".{kind.ending}") else plain
    return f"{stem or 'document'}.{kind.ending}"

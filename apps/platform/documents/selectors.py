"""Reads of papers."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.platform.accounts.rules import Viewer
from apps.platform.documents.models import Document


def documents(*, viewer: Viewer) -> QuerySet[Document]:
    """Return papers: all for the ISO, an SC's own."""
    found = Document.objects.select_related("sent_by", "party")
    if viewer.is_iso:
        return found
    if viewer.party_id is None:
        return found.none()
    return found.filter(party_id=viewer.party_id) if viewer.is_sc else found.none()


def documents_of(*, desk: str, case_id: int) -> list[Document]:
    """Return the papers of a case; the caller has checked that the viewer may see the case."""
    return list(Document.objects.filter(desk=desk, case_id=case_id).select_related("sent_by"))

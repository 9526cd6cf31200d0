"""Reads of papers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from apps.platform.accounts.rules import Viewer
from apps.platform.documents.models import Document
from apps.platform.ui.workflow import WORKFLOWS


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


def attachable(*, viewer: Viewer, desk: str, case_id: int) -> tuple[Any, Any]:
    """Return a desk and a case the viewer may add a document to.

    Raises Http404 for what the viewer may not see, PermissionDenied for what it may not do.
    """
    try:
        found = WORKFLOWS[desk]
        if not viewer.may(found.roles) or found.takes_documents is None:
            raise Http404
        case = found.get(case_id=case_id, viewer=viewer)
    except (KeyError, ObjectDoesNotExist):
        raise Http404 from None
    if not viewer.may(found.document_roles):
        raise PermissionDenied("Your roles do not allow you to add documents here.")
    return found, case


def file_of(paper: Document) -> tuple[str, str, bytes]:
    """Return the name, media type and bytes of a document the viewer was given."""
    return paper.file_name, paper.media_type, bytes(paper.content.content)

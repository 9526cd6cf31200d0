"""Send a document back, and take one for a case."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from apps.platform.accounts.selectors import viewer_of
from apps.platform.clock.selectors import site_now
from apps.platform.core.violations import ValidationFailed
from apps.platform.documents.forms import DocumentForm
from apps.platform.documents.selectors import attachable, documents, file_of
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, note_reading
from apps.platform.ui.responses import download


@login_required
def document_file(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Send a document as a download, never as a page of this site."""
    viewer = viewer_of(request.user)
    paper = get_object_or_404(documents(viewer=viewer).select_related("content"), pk=document_id)
    note_reading(request, f"document {document_id}", paper.party_id)
    return download(*file_of(paper), private=True)


@login_required
@serves("POST")
def document_attach(request: HttpRequest, desk: str, case_id: int) -> HttpResponse:
    """Take a document for a case."""
    found, case = attachable(viewer=viewer_of(request.user), desk=desk, case_id=case_id)
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Choose a file first.")
        return redirect(f"{desk}-case", case_id)
    sent = form.cleaned_data["document"]
    try:
        found.takes_documents(
            case=case,
            file_name=sent.name,
            content=sent.read(),
            actor=actor_of(request),
            at=site_now(),
        )
        messages.success(request, f"{sent.name} is attached.")
    except ValidationFailed as trouble:
        messages.error(request, str(trouble))
    return redirect(f"{desk}-case", case_id)

"""Send a paper back, and take one for a case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.platform.accounts.selectors import viewer_of
from apps.platform.documents.forms import PaperForm
from apps.platform.documents.models import Document
from apps.platform.documents.selectors import documents
from apps.platform.kernel.findings import Refusal
from apps.platform.ui.casework import DESKS
from apps.platform.ui.views import actor_of, note_reading


@login_required
def document_file(request: HttpRequest, document_id: int) -> HttpResponse:
    """Send a paper as a download, never as a page of this site."""
    viewer = viewer_of(request.user)
    paper = get_object_or_404(documents(viewer=viewer).select_related("content"), pk=document_id)
    note_reading(request, f"document {document_id}", paper.party_id)
    return file_response(paper)


def file_response(paper: Document) -> HttpResponse:
    """Return the bytes of a paper so that a browser only saves them."""
    response = HttpResponse(bytes(paper.content.content), content_type=paper.media_type)
    response["Content-Disposition"] = f'attachment; filename="{paper.file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def attachable(request: Any, desk_name: str, case_id: int) -> tuple[Any, Any]:
    """Return a desk and a case the viewer may add a paper to; Http404 otherwise."""
    viewer = viewer_of(request.user)
    try:
        desk = DESKS[desk_name]
        if not viewer.may(desk.roles) or desk.takes_papers is None:
            raise Http404
        case = desk.get(case_id=case_id, viewer=viewer)
    except (KeyError, ObjectDoesNotExist):
        raise Http404 from None
    if not viewer.may(desk.paper_roles):
        raise PermissionDenied("Your roles do not allow you to add documents here.")
    return desk, case


@login_required
@require_POST
def document_attach(request: HttpRequest, desk: str, case_id: int) -> HttpResponse:
    """Take a paper for a case."""
    found, case = attachable(request, desk, case_id)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Choose a file first.")
        return redirect(f"/{desk}/{case_id}/")
    sent = form.cleaned_data["document"]
    try:
        found.takes_papers(
            case=case,
            file_name=sent.name,
            content=sent.read(),
            actor=actor_of(request),
            at=timezone.now(),
        )
        messages.success(request, f"{sent.name} is attached.")
    except Refusal as trouble:
        messages.error(request, str(trouble))
    return redirect(f"/{desk}/{case_id}/")

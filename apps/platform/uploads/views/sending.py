"""Pages to send a file: any file, or one of a chosen kind."""

from __future__ import annotations

import base64
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from apps.platform.accounts.codes import ISO_ROLES, SIGNED_IN
from apps.platform.accounts.rules import Viewer
from apps.platform.clock.selectors import site_now
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, admit
from apps.platform.uploads import selectors, services
from apps.platform.uploads.forms import AnyFileForm, UploadForm
from apps.platform.uploads.hooks import UPLOAD_KINDS, UnknownKind, UploadKind, kind

MOST_KEPT = 2 * 1024 * 1024
RECENT = 6


def kind_or_404(code: str) -> UploadKind:
    """Return a kind, or a page that says there is none."""
    try:
        return kind(code)
    except UnknownKind as trouble:
        raise Http404(str(trouble)) from None


def _subject(wanted: UploadKind) -> str:
    """Return the part of the business a kind belongs to: the app that keeps its dataset."""
    return str(apps.get_app_config(wanted.dataset.name.split(".")[0]).verbose_name)


@login_required
def kind_list(request: HttpRequest) -> HttpResponse:
    """Offer a place for any file, the kinds the viewer sent last, and all kinds by subject."""
    viewer = admit(request, ISO_ROLES)
    return _choice(request, viewer)


def _choice(
    request: HttpRequest, viewer: Viewer, found: services.Recognised | None = None
) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:60].casefold()
    shown = [
        k
        for k in UPLOAD_KINDS
        if words in f"{k.title} {k.code} {k.help} {' '.join(k.layout.headers)}".casefold()
    ]
    groups: dict[str, list[tuple[UploadKind, bool]]] = {}
    for each in shown:
        groups.setdefault(_subject(each), []).append((each, viewer.may(each.upload_roles)))
    recent = [kind(code) for code in selectors.kinds_sent(viewer=viewer)[:RECENT]]
    context = {
        "groups": sorted(groups.items()),
        "recent": recent,
        "words": words,
        "form": AnyFileForm(),
        "recognised": found,
        "may_send": any(viewer.may(k.upload_roles) for k in UPLOAD_KINDS),
    }
    return render(request, "uploads/kinds.html", context, status=400 if found else 200)


@login_required
@serves("GET", "POST")
def upload_any(request: HttpRequest) -> HttpResponse:
    """Take a file of any kind: known by its headings it goes on at once, else the choice is shown.

    A kind that needs an option, such as the RA year, asks for it with the file already in hand.
    """
    viewer = admit(request, ISO_ROLES)
    if request.method != "POST":
        return redirect("upload-kinds")
    form = AnyFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _choice(request, viewer, services.Recognised([], [], form.problems()))
    name, size, read = form.received()
    if services.size_violations(size):
        return _choice(request, viewer, services.Recognised([], [], services.size_violations(size)))
    content = read()
    found = services.recognise(content, viewer)
    if not found.kinds:
        return _choice(request, viewer, found)
    return _go_on(request, found.kinds[0], name, content, also=len(found.kinds) > 1)


def _go_on(
    request: HttpRequest, wanted: UploadKind, name: str, content: bytes, *, also: bool = False
) -> HttpResponse:
    """Receive bytes as a kind, or ask for the options it needs with the bytes kept on the page."""
    if wanted.needed:
        kept = base64.b64encode(content).decode() if len(content) <= MOST_KEPT else ""
        form = UploadForm(kind=wanted, initial={"kept": kept, "kept_name": name if kept else ""})
        return render(
            request,
            "uploads/new.html",
            {
                "kind": wanted,
                "form": form,
                "violations": [],
                "may_send": True,
                "known_as": True,
                "kept_name": name if kept else "",
            },
        )
    try:
        upload = services.receive(
            kind_code=wanted.code,
            file_name=name,
            content=content,
            actor=actor_of(request),
            at=site_now(),
            note="Kind recognised by the headings",
        )
    except services.UploadRefused as trouble:
        viewer = admit(request, ISO_ROLES)
        return _choice(request, viewer, services.Recognised([], [], trouble.violations))
    services.read_or_queue(upload=upload, actor=actor_of(request), at=site_now())
    if also:
        messages.info(
            request, "The headings fit more than one kind of file; check below that it is this one."
        )
    return redirect("upload", upload.pk)


@login_required
@serves("POST")
def upload_as(request: HttpRequest, upload_id: int, code: str) -> HttpResponse:
    """Send the bytes of an upload again as another kind, in one click."""
    viewer = admit(request, ISO_ROLES)
    upload = get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
    wanted = kind_or_404(code)
    return _go_on(request, wanted, upload.file_name, bytes(upload.content.content))


@login_required
@serves("POST")
def upload_answer(request: HttpRequest, upload_id: int, name: str) -> HttpResponse:
    """Send a refused file again with the values that the viewer marks as right."""
    viewer = admit(request, ISO_ROLES)
    get_object_or_404(selectors.uploads(viewer=viewer), pk=upload_id)
    try:
        upload = services.answer(
            upload_id=upload_id,
            name=name,
            values=request.POST.getlist("value"),
            actor=actor_of(request),
            at=site_now(),
        )
    except services.UploadRefused as trouble:
        messages.error(request, str(trouble))
        return redirect("upload", upload_id)
    services.read_or_queue(upload=upload, actor=actor_of(request), at=site_now())
    return redirect("upload", upload.pk)


@login_required
@serves("GET", "POST")
def upload_new(request: HttpRequest, code: str) -> HttpResponse:
    """Take a file of one kind, or show what is wrong with sending it."""
    viewer = admit(request, ISO_ROLES)
    wanted = kind_or_404(code)
    form = UploadForm(request.POST or None, request.FILES or None, kind=wanted)
    violations: list[Any] = []
    if request.method == "POST" and form.is_valid():
        name, size, read = form.received()
        try:
            if services.size_violations(size):
                raise services.UploadRefused(services.size_violations(size))
            upload = services.receive(
                kind_code=code,
                file_name=name,
                content=read(),
                actor=actor_of(request),
                at=site_now(),
                options=form.options(),
                note=form.cleaned_data["note"],
            )
            services.read_or_queue(upload=upload, actor=actor_of(request), at=site_now())
            return redirect("upload", upload.pk)
        except services.UploadRefused as trouble:
            violations = trouble.violations
    return render(
        request,
        "uploads/new.html",
        {
            "kind": wanted,
            "form": form,
            "violations": violations,
            "may_send": viewer.may(wanted.upload_roles),
        },
        status=400 if violations or form.errors else 200,
    )


@login_required
def template_file(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Send the template of a kind."""
    admit(request, SIGNED_IN)
    wanted = kind_or_404(code)
    if form == "xlsx":
        response = HttpResponse(
            services.template_xlsx(wanted),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    else:
        response = HttpResponse(services.template_csv(wanted), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{wanted.code}-template.{form}"'
    return response

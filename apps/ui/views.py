"""Pages every screen shares: the list, its exports; and the frame around every page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from apps.accounts.models import User
from apps.accounts.rules import Viewer
from apps.accounts.selectors import viewer_of
from apps.audit.services import note_read
from apps.ui import selectors
from apps.ui.screens import Screen
from apps.ui.terms import frame_counts, menu_for

THEMES = ("light", "dark")


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template the viewer, the menu and the chosen theme."""
    viewer = viewer_of(getattr(request, "user", None))
    theme = request.COOKIES.get("theme", "")
    return {
        "viewer": viewer,
        "menu": menu_for(viewer.roles),
        **frame_counts(viewer),
        "theme": theme if theme in THEMES else "",
        "now": timezone.now(),
    }


def admit(request: HttpRequest, roles: frozenset[Any]) -> Viewer:
    """Return the viewer of a request, or refuse: 403 for the wrong roles."""
    viewer = viewer_of(request.user)
    if not viewer.may(roles):
        raise PermissionDenied("Your roles do not include this page.")
    return viewer


def actor_of(request: Any) -> User:
    """Return the person who acts; refuse for somebody not signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user


def posted(request: HttpRequest, name: str, most: int = 300) -> str:
    """Return a text somebody typed: trimmed, shortened, without characters no database holds."""
    return request.POST.get(name, "").replace("\x00", "").strip()[:most]


def page_size(request: HttpRequest) -> int:
    """Return the wished page length, 10 to 500."""
    text = request.GET.get("per_page", "50")
    return min(max(int(text), 10), 500) if text.isdecimal() and len(text) < 5 else 50


def note_reading(request: Any, what: str, party_id: int | None = None) -> None:
    """Note a look at a party's rows by somebody of the ISO, with the address asked for."""
    note_read(
        viewer=viewer_of(request.user), what=what, address=request.get_full_path(),
        at=timezone.now(), party_id=party_id,
    )  # fmt: skip


class ScreenView:
    """The pages of one screen: list, CSV, XLSX."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    def viewer(self, request: HttpRequest) -> Viewer | None:
        """Return the viewer, None where a sign-in comes first; 403 where roles do not fit."""
        viewer = viewer_of(request.user)
        if self.screen.visible_to(viewer):
            return viewer
        if viewer.user_id is None:
            return None
        raise PermissionDenied("Your roles do not include this list.")

    def list(self, request: HttpRequest) -> HttpResponse:
        """Show the list, or for htmx only its results."""
        viewer = self.viewer(request)
        if viewer is None:
            return redirect_to_login(request.get_full_path())
        if self.screen.of_parties:
            note_reading(request, f"list {self.screen.name}")
        found = selectors.filtered(self.screen, viewer=viewer, query=request.GET)
        columns = selectors.chosen_columns(self.screen, request.GET)
        paths = {c.path for c in columns}
        table = selectors.table_of(self.screen)(
            found.qs, exclude=[c.path for c in self.screen.all_columns if c.path not in paths]
        )
        RequestConfig(request, paginate=False).configure(table)
        table.paginate(per_page=page_size(request))
        table.page = table.paginator.get_page(request.GET.get("page"))
        query = request.GET.copy()
        query.pop("page", None)
        active = [
            (field.label, field.value())
            for field in found.form
            if field.value() not in (None, "") and field.name in request.GET
        ]
        context = {
            "screen": self.screen,
            "table": table,
            "filter": found,
            "filters_open": any(field.name != "q" for field in found.form if field.value()),
            "active": active,
            "columns": [(c.path, self.screen.label(c), c.path in paths)
                        for c in self.screen.all_columns],
            "query": query.urlencode(),
            "tools": self.screen.tools(viewer) if self.screen.tools else [],
        }  # fmt: skip
        htmx = getattr(request, "htmx", None)
        template = "ui/_results.html" if htmx and not htmx.boosted else "ui/list.html"
        return render(request, template, context)

    def export(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """Send the filtered rows as a file."""
        viewer = self.viewer(request)
        if viewer is None:
            return redirect_to_login(request.get_full_path())
        if self.screen.of_parties:
            note_reading(request, f"export {self.screen.name}.{form}")
        found = selectors.filtered(self.screen, viewer=viewer, query=request.GET)
        columns = selectors.chosen_columns(self.screen, request.GET)
        name = f"{self.screen.name}.{form}"
        if form == "xlsx":
            response: HttpResponseBase = HttpResponse(
                selectors.xlsx_bytes(self.screen, found.qs, columns),
                content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        else:
            response = StreamingHttpResponse(
                selectors.csv_stream(self.screen, found.qs, columns), content_type="text/csv"
            )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark for this browser and go back."""
    theme = request.POST.get("theme", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    response = redirect(target)
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=365 * 86_400, samesite="Lax", httponly=True,
                            secure=request.is_secure())  # fmt: skip
    return response


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """Send browsers that ask for the old address to the icon."""
    from django.templatetags.static import static

    return redirect(static("img/icon.svg"))

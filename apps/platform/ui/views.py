"""Pages every screen shares: the list, its exports; and the frame around every page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_tables2 import RequestConfig

from apps.platform.accounts.rules import Viewer
from apps.platform.accounts.selectors import viewer_of
from apps.platform.clock.selectors import is_simulated, site_now
from apps.platform.core.numbers import read_key
from apps.platform.ui import selectors, services
from apps.platform.ui.choices import offer_values
from apps.platform.ui.hooks import EXPORTER, FRAME_COUNTS
from apps.platform.ui.menu import menu_for, menu_names, place_in_menu
from apps.platform.ui.methods import serves
from apps.platform.ui.requests import actor_of, note_reading, page_size, posted
from apps.platform.ui.screens import Screen
from apps.platform.ui.tables import write
from apps.platform.ui.workflow import opening_of

THEMES = ("light", "dark")
DIRECT_ROWS = 50_000  # a larger workbook is made by a worker


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template the viewer, the menu and the chosen theme."""
    viewer = viewer_of(getattr(request, "user", None))
    theme = request.COOKIES.get("theme", "")
    return {
        "viewer": viewer,
        "menu": _menu_at(request, viewer.roles),
        **{str(e.key): e.value(viewer=viewer) for e in FRAME_COUNTS.entries()},
        "theme": theme if theme in THEMES else "",
        "now": site_now(),
        "simulated": is_simulated(),
    }


def _menu_at(request: HttpRequest, roles: frozenset[str]) -> str:
    root = get_script_prefix()
    page = request.resolver_match.url_name or "" if request.resolver_match else ""
    place = place_in_menu(roles, path=request.path, page=page, addresses=_menu_addresses(root))
    return menu(roles, *place, root)


@lru_cache(maxsize=8)
def _menu_addresses(root: str) -> dict[str, str]:
    return {name: reverse(name) for name in menu_names()}


@lru_cache(maxsize=1024)
def menu(roles: frozenset[str], group: str, here: str, root: str) -> str:
    """Return the menu as HTML. Its links stand since the start, so it is drawn once per place.

    ``here`` is the name of the page's own link, ``root`` the address the site is mounted at.
    """
    return render_to_string("ui/_menu.html", {"menu": menu_for(roles, group), "here": here})


class ScreenView:
    """The pages of one screen: list, exports, saved views, actions on many rows."""

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
        """Show the list, or for htmx only its results; ``?view=`` leads to a saved view."""
        viewer = self.viewer(request)
        if viewer is None:
            return redirect_to_login(request.get_full_path())
        if self.screen.opens_with and not request.GET:
            opened = QueryDict(urlencode(self.screen.opens_with(viewer)))
            request.GET = opened
        views = selectors.views_of(self.screen, viewer)
        asked = read_key(request.GET.get("view", ""))
        if asked is not None:
            view = get_object_or_404(views, pk=asked)
            return redirect(f"{reverse(self.screen.name)}?{view.query}")
        if self.screen.of_parties:
            note_reading(request, f"list {self.screen.name}")
        context = self._context(request, viewer)
        htmx = getattr(request, "htmx", None)
        if htmx and not htmx.boosted:
            return render(request, "ui/_results.html", context)
        query = services.kept_query(request.GET.urlencode())
        return render(request, "ui/list.html", context | {"views": views, "kept": query})

    def _context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        screen = self.screen
        found = selectors.filtered(screen, viewer=viewer, query=request.GET)
        several = offer_values(screen, viewer, found)
        columns = selectors.chosen_columns(screen, request.GET)
        paths = [c.path for c in columns]
        table = selectors.table_of(screen)(
            found.qs,
            exclude=[c.path for c in screen.all_columns if c.path not in paths],
            sequence=[*paths, "..."],
        )
        table.viewer = viewer
        RequestConfig(request, paginate=False).configure(table)
        table.paginate(per_page=page_size(request))
        table.page = table.paginator.get_page(request.GET.get("page"))
        query = request.GET.copy()
        query.pop("page", None)
        rest = [c for c in screen.all_columns if c.path not in paths]
        actions = [a for a in screen.actions if viewer.may(a.roles)]
        table.pickable = bool(actions)  # a table's template is given the table alone
        summary = screen.summary(found.qs, viewer, request.GET) if screen.summary else None
        table.totals = _totals(screen, paths, summary.totals) if summary else []
        return {
            "screen": screen,
            "table": table,
            "filter": found,
            "main": [found.form[name] for name in several],
            "filters_open": not screen.summary
            and any(f.name not in ("q", *several) for f in found.form if f.value()),
            "active": _chips(request, found),
            "columns": [
                *((c.path, screen.label(c), True) for c in columns),
                *((c.path, screen.label(c), False) for c in rest),
            ],
            "query": query.urlencode(),
            "filter_query": _filters_of(self.screen, query).urlencode(),
            **_tools(screen, viewer),
            "actions": actions,
            "large": table.page.paginator.count > DIRECT_ROWS,
            "background": len(EXPORTER) == 1 and viewer.user_id is not None,
            "summary": summary,
            "chart": screen.chart(found.qs, site_now()) if screen.chart else None,
            "draws": screen.chart is not None,
        }

    def export(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """Send the filtered rows as a file; a large workbook is made in the background."""
        viewer = self.viewer(request)
        if viewer is None:
            return redirect_to_login(request.get_full_path())
        found = selectors.filtered(self.screen, viewer=viewer, query=request.GET)
        if form != "csv" and found.qs.count() > DIRECT_ROWS:
            context = {"screen": self.screen, "form": form, "query": request.GET.urlencode()}
            return render(request, "ui/large_export.html", context)
        if self.screen.of_parties:
            note_reading(request, f"export {self.screen.name}.{form}")
        columns = selectors.chosen_columns(self.screen, request.GET)
        kind = selectors.EXPORTS[form]
        chunks = kind.chunks(self.screen, found.qs, columns)
        if form == "csv":
            response: HttpResponseBase = StreamingHttpResponse(chunks, content_type=kind.media_type)
        else:
            response = HttpResponse(b"".join(chunks), content_type=kind.media_type)
        response["Content-Disposition"] = f'attachment; filename="{self.screen.name}.{form}"'
        return response

    @serves("POST")
    def background(self, request: HttpRequest) -> HttpResponse:
        """Have the filtered rows exported by a worker, who tells when the file is ready."""
        viewer = self.viewer(request)
        form = request.POST.get("form", "")
        if viewer is None or viewer.user_id is None:
            return redirect_to_login(request.get_full_path())
        if form not in selectors.EXPORTS:
            raise Http404
        if self.screen.of_parties:
            note_reading(request, f"background export {self.screen.name}.{form}")
        exporter = EXPORTER.only()
        if exporter is None:
            raise Http404
        address = exporter(
            screen=self.screen.name,
            form=form,
            query=posted(request, "query", 4000),
            actor=actor_of(request),
            at=site_now(),
        )
        return redirect(address)

    @serves("POST")
    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the present filters, columns and order under a name, or remove a view."""
        viewer = self.viewer(request)
        if viewer is None or viewer.user_id is None:
            return redirect_to_login(request.get_full_path())
        query = services.kept_query(posted(request, "query", 4000))
        try:
            dropped = read_key(request.POST.get("drop", ""))
            if dropped is not None:
                view = get_object_or_404(selectors.views_of(self.screen, viewer), pk=dropped)
                services.view_drop(view=view, actor=actor_of(request))
                messages.success(request, f"The view {view.name} is removed.")
            else:
                view = services.view_save(
                    screen=self.screen,
                    name=posted(request, "name", 80),
                    query=query,
                    shared="shared" in request.POST,
                    actor=actor_of(request),
                    at=site_now(),
                )
                messages.success(request, f"Saved as {view.name}.")
        except services.ViewRefused as trouble:
            messages.error(request, str(trouble))
        return redirect(f"{reverse(self.screen.name)}?{query}")

    @serves("POST")
    def bulk(self, request: HttpRequest) -> HttpResponse:
        """Carry an action out on the chosen rows."""
        viewer = self.viewer(request)
        if viewer is None or viewer.user_id is None:
            return redirect_to_login(request.get_full_path())
        wanted = request.POST.get("action", "")
        action = next((a for a in self.screen.actions if a.code == wanted), None)
        if action is None:
            raise Http404
        try:
            outcome = services.act_on_many(
                action=action,
                keys=request.POST.getlist("row"),
                actor=actor_of(request),
                at=site_now(),
                reason=posted(request, "reason"),
                typed=posted(request, "typed", 10),
            )
        except services.BulkRefused as trouble:
            messages.error(request, str(trouble))
        else:
            level = messages.warning if outcome.refused else messages.success
            level(request, f"{action.label}: {outcome.sentence}")
        return redirect(f"{reverse(self.screen.name)}?{posted(request, 'query', 4000)}")


def _tools(screen: Screen, viewer: Viewer) -> dict[str, Any]:
    """Return the links of a list: what opens a case of it first, then what the screen declares."""
    opening = opening_of(screen.name, viewer)
    tools = screen.tools(viewer) if screen.tools else []
    named = next((t for t in tools if opening and t[1] == opening[1]), opening)
    return {"opening": named, "tools": [t for t in tools if t != named]}


def _totals(screen: Screen, paths: list[str], totals: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the cells of the row of totals: text, class, heading; blank without a total."""
    headings = {c.path: screen.label(c) for c in screen.all_columns}
    return (
        [
            (
                write(totals[p], screen.quantity(p)) if p in totals else "",
                "num" if screen.quantity(p) else "txt",
                headings[p],
            )
            for p in paths
        ]
        if totals
        else []
    )


def _filters_of(screen: Screen, query: QueryDict) -> QueryDict:
    """Return the filters of a query alone, which is what the API takes."""
    found = query.copy()
    known = selectors.filter_set_of(screen).base_filters
    for name in [n for n in found if n not in known]:
        del found[name]
    return found


def _chips(request: HttpRequest, found: Any) -> list[tuple[str, str, str]]:
    """Return what narrows the list: label, value, and the address without it."""
    chips = []
    for field in found.form:
        if field.value() in (None, "", []) or field.name not in request.GET:
            continue
        choices = getattr(field.field, "words", None) or dict(getattr(field.field, "choices", []))
        several = field.value() if isinstance(field.value(), list) else [field.value()]
        for value in several:
            query = request.GET.copy()
            query.setlist(field.name, [v for v in several if v != value])
            query.pop("page", None)
            chips.append(
                (str(field.label), str(choices.get(value, value)), f"?{query.urlencode()}")
            )
    return chips


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Search every list the viewer may see."""
    viewer = viewer_of(request.user)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    note_reading(request, "search of everything")
    found = selectors.search_all(viewer=viewer, words=words) if len(words) >= 2 else []
    return render(request, "ui/search.html", {"words": words, "found": found})


@serves("POST")
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark for this browser and go back."""
    theme = request.POST.get("theme", "")
    target = request.POST.get("next", "")
    # what begins otherwise may be taken for the name of an address, and named wrongly
    if not (
        target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()})
    ):
        target = reverse("home")
    response = redirect(target)
    if theme in THEMES:
        response.set_cookie(
            "theme",
            theme,
            max_age=365 * 86_400,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
            path=settings.SESSION_COOKIE_PATH,
        )
    return response


def favicon(request: HttpRequest) -> HttpResponse:
    """Send browsers that ask for the old address to the icon."""
    from django.templatetags.static import static

    return redirect(static("img/icon.svg"))

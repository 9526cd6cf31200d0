"""Addresses of every registered screen and case desk: page, exports and API."""

from __future__ import annotations

from functools import partial

from django.urls import URLPattern, path

from apps.ui.api import screen_api
from apps.ui.case_api import move_api, open_api, show_api
from apps.ui.case_views import CaseViews
from apps.ui.casework import all_desks
from apps.ui.screens import all_screens
from apps.ui.selectors import EXPORTS
from apps.ui.views import ScreenView, choose_theme, favicon, search


def screen_urls() -> list[URLPattern]:
    """Return page and export addresses of all screens."""
    found: list[URLPattern] = []
    for screen in all_screens():
        view = ScreenView(screen)
        found += [
            path(f"{screen.name}/", view.list, name=screen.name),
            *(
                path(
                    f"{screen.name}.{form}",
                    partial(view.export, form=form),
                    name=f"{screen.name}-{form}",
                )
                for form in EXPORTS
            ),
            path(f"{screen.name}/export/", view.background, name=f"{screen.name}-export"),
            path(f"{screen.name}/view/", view.save_view, name=f"{screen.name}-view"),
            path(f"{screen.name}/bulk/", view.bulk, name=f"{screen.name}-bulk"),
        ]
    return found


def desk_urls() -> list[URLPattern]:
    """Return the page addresses of all case desks."""
    found: list[URLPattern] = []
    for desk in all_desks():
        view = CaseViews(desk)
        if desk.opening is not None:
            found.append(path(f"{desk.name}/new/", view.open, name=f"{desk.name}-new"))
        found.append(path(f"{desk.name}/<int:case_id>/", view.show, name=f"{desk.name}-case"))
        found += [
            path(
                f"{desk.name}/<int:case_id>/{action}/",
                partial(view.move, action=action),
                name=f"{desk.name}-{action}",
            )
            for action in desk.steps
        ]
    return found


def api_urls() -> list[URLPattern]:
    """Return API addresses of all screens and case desks."""
    found = [
        path(f"{screen.name}/", screen_api(screen).as_view(), name=f"api-{screen.name}")
        for screen in all_screens()
    ]
    for desk in all_desks():
        if desk.opening is not None:
            found.append(path(f"{desk.name}/new/", open_api(desk).as_view()))
        found.append(path(f"{desk.name}/<int:case_id>/", show_api(desk).as_view()))
        found += [
            path(f"{desk.name}/<int:case_id>/{action}/", move_api(desk, action, step).as_view())
            for action, step in desk.steps.items()
        ]
    return found


urlpatterns = [
    path("search/", search, name="search"),
    path("theme/", choose_theme, name="theme"),
    path("favicon.ico", favicon),
    *desk_urls(),
    *screen_urls(),
]

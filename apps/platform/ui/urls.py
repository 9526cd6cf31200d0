"""Addresses of every registered screen and case desk: page, exports and API."""

from __future__ import annotations

from functools import partial

from django.urls import URLPattern, URLResolver, include, path

from apps.platform.ui.api import screen_api
from apps.platform.ui.case_api import move_api, open_api, show_api
from apps.platform.ui.case_views import CaseViews
from apps.platform.ui.screens import SCREENS
from apps.platform.ui.selectors import EXPORTS
from apps.platform.ui.views import ScreenView, choose_theme, favicon, search
from apps.platform.ui.workflow import WORKFLOWS


def screen_urls() -> list[URLResolver]:
    """Return page and export addresses of all screens.

    What belongs to one screen lies below its name, so that violation an address passes a screen in
    one step.
    """
    found: list[URLResolver] = []
    for screen in SCREENS:
        name, view = screen.name, ScreenView(screen)
        exports = [
            path(form, partial(view.export, form=form), name=f"{name}-{form}") for form in EXPORTS
        ]
        pages = [
            path("", view.list, name=name),
            path("export/", view.background, name=f"{name}-export"),
            path("view/", view.save_view, name=f"{name}-view"),
            path("bulk/", view.bulk, name=f"{name}-bulk"),
        ]
        found += [path(f"{name}/", include(pages)), path(f"{name}.", include(exports))]
    return found


def desk_urls() -> list[URLResolver]:
    """Return the page addresses of all case desks."""
    found: list[URLResolver] = []
    for desk in WORKFLOWS:
        view = CaseViews(desk)
        case = [
            path("", view.show, name=f"{desk.name}-case"),
            *(
                path(f"{action}/", partial(view.move, action=action), name=f"{desk.name}-{action}")
                for action in desk.steps
            ),
        ]
        pages: list[URLPattern | URLResolver] = [path("<int:case_id>/", include(case))]
        if desk.opening is not None:
            pages.append(path("new/", view.open, name=f"{desk.name}-new"))
        found.append(path(f"{desk.name}/", include(pages)))
    return found


def api_urls() -> list[URLPattern | URLResolver]:
    """Return API addresses of all screens and case desks."""
    found: list[URLPattern | URLResolver] = [
        path(f"{screen.name}/", screen_api(screen).as_view(), name=f"api-{screen.name}")
        for screen in SCREENS
    ]
    for desk in WORKFLOWS:
        case = [
            path("", show_api(desk).as_view(), name=f"api-{desk.name}-case"),
            *(
                path(
                    f"{action}/",
                    move_api(desk, action, step).as_view(),
                    name=f"api-{desk.name}-{action}",
                )
                for action, step in desk.steps.items()
            ),
        ]
        pages: list[URLPattern | URLResolver] = [path("<int:case_id>/", include(case))]
        if desk.opening is not None:
            pages.append(path("new/", open_api(desk).as_view(), name=f"api-{desk.name}-new"))
        found.append(path(f"{desk.name}/", include(pages)))
    return found


urlpatterns = [
    path("search/", search, name="search"),
    path("theme/", choose_theme, name="theme"),
    path("favicon.ico", favicon, name="favicon"),
    *desk_urls(),
    *screen_urls(),
]

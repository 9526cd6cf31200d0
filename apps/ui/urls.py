"""Addresses of every registered screen: page, exports and API."""

from __future__ import annotations

from functools import partial

from django.urls import URLPattern, path

from apps.ui.api import screen_api
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


def api_urls() -> list[URLPattern]:
    """Return API addresses of all screens."""
    return [
        path(f"{screen.name}/", screen_api(screen).as_view(), name=f"api-{screen.name}")
        for screen in all_screens()
    ]


urlpatterns = [
    path("search/", search, name="search"),
    path("theme/", choose_theme, name="theme"),
    path("favicon.ico", favicon),
    *screen_urls(),
]

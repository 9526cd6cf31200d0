"""Addresses of every registered screen: page, exports and API."""

from __future__ import annotations

from functools import partial

from django.urls import URLPattern, path

from apps.ui.api import screen_api
from apps.ui.screens import all_screens
from apps.ui.views import ScreenView, choose_theme, favicon


def screen_urls() -> list[URLPattern]:
    """Return page and export addresses of all screens."""
    found: list[URLPattern] = []
    for screen in all_screens():
        view = ScreenView(screen)
        found += [
            path(f"{screen.name}/", view.list, name=screen.name),
            path(f"{screen.name}.csv", partial(view.export, form="csv"), name=f"{screen.name}-csv"),
            path(
                f"{screen.name}.xlsx", partial(view.export, form="xlsx"), name=f"{screen.name}-xlsx"
            ),
        ]
    return found


def api_urls() -> list[URLPattern]:
    """Return API addresses of all screens."""
    return [
        path(f"{screen.name}/", screen_api(screen).as_view(), name=f"api-{screen.name}")
        for screen in all_screens()
    ]


urlpatterns = [
    path("theme/", choose_theme, name="theme"),
    path("favicon.ico", favicon),
    *screen_urls(),
]

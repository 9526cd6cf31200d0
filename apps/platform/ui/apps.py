"""The ui app: the machinery of screens."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Nothing to register: apps above register their screens here."""

    name = "apps.platform.ui"
    numbers_from = ("fields",)

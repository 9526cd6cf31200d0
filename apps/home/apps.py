"""Start-up of home."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home pages, health, reference data and demo."""

    name = "apps.home"

    def ready(self) -> None:
        from apps.home import screens, selectors  # noqa: F401  (registers the screens)
        from apps.ui.terms import tell_of_system

        tell_of_system(selectors.signs_of_life)

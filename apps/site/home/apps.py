"""Start-up of home."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home pages, health, reference data and demo."""

    name = "apps.site.home"

    def ready(self) -> None:
        from apps.platform.ui.terms import tell_of_system
        from apps.site.home import screens, selectors  # noqa: F401  (registers the screens)

        tell_of_system(selectors.signs_of_life)

"""Start-up of home."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home pages, health, reference data and demo."""

    name = "apps.site.home"

    def ready(self) -> None:
        from apps.platform.ui.hooks import SYSTEM_FACTS
        from apps.site.home import screens, selectors  # noqa: F401  (registers the screens)

        SYSTEM_FACTS.register(selectors.signs_of_life)

"""Start-up of calculators."""

from django.apps import AppConfig


class CalculatorsConfig(AppConfig):
    """Every pure rule usable alone."""

    name = "apps.site.calculators"

    def ready(self) -> None:
        from apps.platform.ui.hooks import MENU, MenuItem

        MENU.register(
            MenuItem(group="Reference", label="Calculators", address="/calculators/", order=90)
        )

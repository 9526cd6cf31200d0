"""Start-up of calculators."""

from django.apps import AppConfig


class CalculatorsConfig(AppConfig):
    """Every pure rule usable alone."""

    name = "apps.site.calculators"

    def ready(self) -> None:
        from apps.platform.ui.terms import add_to_menu

        add_to_menu(group="Reference", label="Calculators", name="calculators", order=90)

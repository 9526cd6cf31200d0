"""Start-up of calculators."""

from django.apps import AppConfig


class CalculatorsConfig(AppConfig):
    """Every pure rule usable alone."""

    name = "apps.site.calculators"

    def ready(self) -> None:
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.core.cost_shares import COST_SHARES
        from apps.platform.ui.hooks import MENU, MenuItem

        CALCULATORS.register(COST_SHARES)
        MENU.register(
            MenuItem(group="Reference", label="Calculators", name="calculators", order=90)
        )

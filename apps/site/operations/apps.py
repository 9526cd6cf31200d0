"""Start-up of operations."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Lines of requests, metrics, and the page System health."""

    name = "apps.site.operations"

    def ready(self) -> None:
        from apps.platform.accounts.codes import ADMINS
        from apps.platform.ui.hooks import MENU, MenuItem

        MENU.register(
            MenuItem(
                group="Control",
                label="System health",
                name="system-health",
                roles=ADMINS,
                order=52,
            )
        )

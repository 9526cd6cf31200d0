"""The last of the installed apps: when it is ready, every app is."""

from django.apps import AppConfig


class ProductConfig(AppConfig):
    """Ends the start-up: from here on no registry takes an entry."""

    name = "rmrcpm"
    verbose_name = "The product"

    def ready(self) -> None:
        """Seal every registry."""
        from apps.platform.core.registry import seal_registries

        seal_registries()

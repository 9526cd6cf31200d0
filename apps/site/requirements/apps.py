"""Start-up of requirements."""

from django.apps import AppConfig


class RequirementsConfig(AppConfig):
    """The specification on screen."""

    name = "apps.site.requirements"

    def ready(self) -> None:
        from apps.platform.ui.hooks import MENU, MenuItem

        MENU.register(
            MenuItem(
                group="Control",
                label="Requirements",
                name="requirements",
                order=80,
                pages=("registries",),
            )
        )

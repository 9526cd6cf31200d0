"""Start-up of the guide."""

from django.apps import AppConfig


class GuideConfig(AppConfig):
    """The documentation inside the product."""

    name = "apps.site.guide"

    def ready(self) -> None:
        from apps.platform.ui.hooks import MENU, MenuItem

        MENU.register(MenuItem(group="Reference", label="Help", name="help", order=95))

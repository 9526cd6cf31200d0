"""Start-up of the guide."""

from django.apps import AppConfig


class GuideConfig(AppConfig):
    """The documentation inside the product."""

    name = "apps.guide"

    def ready(self) -> None:
        from apps.ui.terms import add_to_menu

        add_to_menu(group="Reference", label="Help", address="/help/", order=95)

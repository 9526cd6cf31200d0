"""Start-up of requirements."""

from django.apps import AppConfig


class RequirementsConfig(AppConfig):
    """The specification on screen."""

    name = "apps.site.requirements"

    def ready(self) -> None:
        from apps.platform.ui.terms import add_to_menu

        add_to_menu(group="Control", label="Requirements", name="requirements", order=80)

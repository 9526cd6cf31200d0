"""Start-up of parameters."""

from django.apps import AppConfig


class ParametersConfig(AppConfig):
    """Values of declared parameters."""

    name = "apps.parameters"

    def ready(self) -> None:
        from apps.parameters import screens  # noqa: F401  (registers the screens)

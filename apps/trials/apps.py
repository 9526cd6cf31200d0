"""Start-up of trials."""

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    """What if."""

    name = "apps.trials"

    def ready(self) -> None:
        from apps.trials import screens  # noqa: F401

"""Start-up of trials."""

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    """What if."""

    name = "apps.settlement.trials"

    def ready(self) -> None:
        from apps.settlement.trials import screens  # noqa: F401

"""Start-up of what-ifs."""

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    """What if."""

    name = "apps.settlement.what_if"

    def ready(self) -> None:
        from apps.settlement.what_if import screens  # noqa: F401

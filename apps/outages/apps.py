"""Start-up of outages."""

from django.apps import AppConfig


class OutagesConfig(AppConfig):
    """Outage cards of resources."""

    name = "apps.outages"

    def ready(self) -> None:
        from apps.outages import screens  # noqa: F401

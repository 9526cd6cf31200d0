"""Start-up of parameters."""

from django.apps import AppConfig


class ParametersConfig(AppConfig):
    """Values of declared parameters."""

    name = "apps.platform.parameters"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.notices.terms import register_topic
        from apps.platform.parameters import screens  # noqa: F401  (registers the screens)

        register_topic("proposal-waits", "A parameter proposal waits for me", email=True)
        register_topic("proposal-decided", "A parameter proposal of mine was decided")

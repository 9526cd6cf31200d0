"""Start-up of parameters."""

from django.apps import AppConfig


class ParametersConfig(AppConfig):
    """Values of declared parameters."""

    name = "apps.platform.parameters"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.notices.hooks import TOPICS, Topic
        from apps.platform.parameters import screens  # noqa: F401  (registers the screens)

        TOPICS.register(Topic("proposal-waits", "A parameter proposal waits for me", email=True))
        TOPICS.register(Topic("proposal-decided", "A parameter proposal of mine was decided"))

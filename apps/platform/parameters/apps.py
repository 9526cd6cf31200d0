"""Start-up of parameters."""

from django.apps import AppConfig


class ParametersConfig(AppConfig):
    """Values of declared parameters."""

    name = "apps.platform.parameters"
    numbers_from = ("adapters", "selectors", "services")

    def ready(self) -> None:
        from pathlib import Path

        from django.apps import apps

        from apps.platform.audit.hooks import DATED_VALUE
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.parameters import (
            screens,  # noqa: F401  (registers the screens)
            selectors,
        )
        from apps.platform.parameters.adapters import load_declarations

        load_declarations(Path(config.path) / "rules" for config in apps.get_app_configs())
        DATED_VALUE.register(selectors.value_on)
        TOPICS.register(Topic("proposal-waits", "A parameter proposal waits for me", email=True))
        TOPICS.register(Topic("proposal-decided", "A parameter proposal of mine was decided"))

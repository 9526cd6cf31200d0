"""Start-up of cost recovery: desk, list, deadlines."""

from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    """Cost recovery of new-tariff RMR."""

    name = "apps.settlement.recovery"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.notices.hooks import DEADLINES, TOPICS, Topic
        from apps.settlement.recovery import screens, selectors  # noqa: F401

        TOPICS.register(Topic("cost-recovery", "A cost recovery request changed", email=True))
        DEADLINES.register(selectors.deadlines)

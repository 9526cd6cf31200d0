"""Start-up of cost recovery: desk, list, deadlines."""

from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    """Cost recovery of new-tariff RMR."""

    name = "apps.settlement.cost_recovery"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import DEADLINES, TOPICS, Topic
        from apps.settlement.cost_recovery import screens, selectors  # noqa: F401
        from apps.settlement.cost_recovery.rules import FUEL_RECOVERY

        CALCULATORS.register(FUEL_RECOVERY)
        TOPICS.register(Topic("cost-recovery", "A cost recovery request changed", email=True))
        DEADLINES.register(selectors.deadlines)

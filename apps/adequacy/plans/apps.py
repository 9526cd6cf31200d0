"""Start-up of plans: the desk, the RA column."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """RA plans, supply plans and the RA column."""

    name = "apps.adequacy.plans"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.adequacy.plans import rules, screens, selectors  # noqa: F401
        from apps.adequacy.plans.hooks import CAPACITY, CapacitySource
        from apps.platform.notifications.hooks import TOPICS, Topic

        TOPICS.register(Topic("plans", "RA and supply plans"))
        CAPACITY.register(CapacitySource(selectors.shown_by_plans, selectors.plan_changes))
        CAPACITY.register(CapacitySource(selectors.held_by_rmr, selectors.rmr_changes))

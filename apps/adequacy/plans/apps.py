"""Start-up of plans: the desk, the RA column."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """RA plans, supply plans and the RA column."""

    name = "apps.adequacy.plans"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.adequacy.plans import rules, screens, selectors  # noqa: F401
        from apps.adequacy.plans.terms import register_capacity
        from apps.platform.notices.terms import register_topic

        register_topic("plans", "RA and supply plans")
        register_capacity(selectors.shown_by_plans, selectors.plan_changes)
        register_capacity(selectors.held_by_rmr, selectors.rmr_changes)

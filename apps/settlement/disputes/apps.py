"""Start-up of disputes: desk, deadlines, and what a publication does to them."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    """Disputes of statement lines."""

    name = "apps.settlement.disputes"

    def ready(self) -> None:
        from apps.platform.notices.terms import register_deadlines, register_topic
        from apps.platform.runs.terms import on_publication
        from apps.settlement.disputes import screens, selectors, services
        from apps.settlement.settlements.terms import DAILY
        from apps.settlement.statements.terms import offer

        offer(screens.offered)
        register_topic("dispute", "A dispute was filed or decided", email=True)
        register_deadlines(selectors.deadlines)
        on_publication(DAILY, services.attach_outcomes)

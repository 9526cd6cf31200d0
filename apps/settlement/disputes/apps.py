"""Start-up of disputes: desk, deadlines, and what a publication does to them."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    """Disputes of statement lines."""

    name = "apps.settlement.disputes"

    def ready(self) -> None:
        from apps.platform.notifications.hooks import DEADLINES, TOPICS, Topic
        from apps.platform.runs.hooks import PUBLICATION_HOOKS, PublicationHook
        from apps.settlement.disputes import screens, selectors, services
        from apps.settlement.settlements.codes import DAILY
        from apps.settlement.statements.hooks import OFFERS

        OFFERS.register(screens.offered)
        TOPICS.register(Topic("dispute", "A dispute was filed or decided", email=True))
        DEADLINES.register(selectors.deadlines)
        PUBLICATION_HOOKS.register(PublicationHook(DAILY, services.attach_outcomes))

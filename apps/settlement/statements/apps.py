"""Start-up of statements: issue them when a run is published."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    """Statements of SCs."""

    name = "apps.settlement.statements"

    def ready(self) -> None:
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.runs.hooks import (
            PUBLICATION_HOOKS,
            PUBLISHED_TABLES,
            PublicationHook,
            PublishedTables,
        )
        from apps.settlement.settlements.codes import DAILY
        from apps.settlement.statements import screens, services  # noqa: F401

        TOPICS.register(Topic("statement-issued", "A statement was issued to me", email=True))
        PUBLICATION_HOOKS.register(PublicationHook(DAILY, services.issue))
        for model in ("statements.Statement", "statements.StatementLine"):
            PUBLISHED_TABLES.register(PublishedTables(DAILY, model))

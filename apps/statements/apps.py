"""Start-up of statements: issue them when a run is published."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    """Statements of SCs."""

    name = "apps.statements"

    def ready(self) -> None:
        from apps.notices.terms import register_topic
        from apps.runs.terms import on_publication, witness
        from apps.settlements.terms import DAILY
        from apps.statements import screens, services  # noqa: F401

        register_topic("statement-issued", "A statement was issued to me", email=True)
        on_publication(DAILY, services.issue)
        witness(DAILY, "statements.Statement", "statements.StatementLine")

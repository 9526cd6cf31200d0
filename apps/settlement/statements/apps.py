"""Start-up of statements: issue them when a run is published."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    """Statements of SCs."""

    name = "apps.settlement.statements"

    def ready(self) -> None:
        from apps.platform.notices.terms import register_topic
        from apps.platform.runs.terms import on_publication, witness
        from apps.settlement.settlements.terms import DAILY
        from apps.settlement.statements import screens, services  # noqa: F401

        register_topic("statement-issued", "A statement was issued to me", email=True)
        on_publication(DAILY, services.issue)
        witness(DAILY, "statements.Statement", "statements.StatementLine")

"""Start-up of clearing: desks, lists, deadlines, and what publications bring to it."""

from django.apps import AppConfig


class ClearingConfig(AppConfig):
    """Invoices, ledger, defaults and credit."""

    name = "apps.settlement.clearing"

    def ready(self) -> None:
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import DEADLINES, TOPICS, Topic
        from apps.platform.runs.hooks import PUBLICATION_HOOKS, PublicationHook
        from apps.settlement.clearing import screens, selectors, services  # noqa: F401
        from apps.settlement.clearing.rules import DEFAULT_LOSS, DEFAULT_WATERFALL, LIABILITY
        from apps.settlement.cost_recovery.hooks import SETTLED_WHERE
        from apps.settlement.settlements.codes import DAILY
        from apps.settlement.settlements.hooks import LATE_PANELS, LEGACY_HOOKS

        CALCULATORS.register(DEFAULT_LOSS, DEFAULT_WATERFALL, LIABILITY)
        TOPICS.register(Topic("invoice", "An invoice was issued", email=True))
        TOPICS.register(Topic("credit", "Credit: warnings and collateral calls", email=True))
        DEADLINES.register(selectors.deadlines)
        SETTLED_WHERE.register(services.settled_where)
        LATE_PANELS.register(services.late_thread)
        LEGACY_HOOKS.register(services.legacy_moved)
        PUBLICATION_HOOKS.register(PublicationHook(DAILY, services.invoice_optional))

"""Start-up of clearing: desks, lists, deadlines, and what publications bring to it."""

from django.apps import AppConfig


class ClearingConfig(AppConfig):
    """Invoices, ledger, defaults and credit."""

    name = "apps.settlement.clearing"

    def ready(self) -> None:
        from apps.platform.kernel.calculator import CALCULATORS
        from apps.platform.notices.terms import register_deadlines, register_topic
        from apps.platform.runs.terms import on_publication
        from apps.settlement.clearing import screens, selectors, services  # noqa: F401
        from apps.settlement.clearing.rules import DEFAULT_LOSS, DEFAULT_WATERFALL, LIABILITY
        from apps.settlement.recovery.terms import follow
        from apps.settlement.settlements.terms import DAILY, continue_thread, on_legacy

        CALCULATORS.register(DEFAULT_LOSS, DEFAULT_WATERFALL, LIABILITY)
        register_topic("invoice", "An invoice was issued", email=True)
        register_topic("credit", "Credit: warnings and collateral calls", email=True)
        register_deadlines(selectors.deadlines)
        follow(services.settled_where)
        continue_thread(services.late_thread)
        on_legacy(services.legacy_moved)
        on_publication(DAILY, services.invoice_optional)

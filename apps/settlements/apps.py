"""Start-up of settlements: the daily run kind and the screens."""

from django.apps import AppConfig


class SettlementsConfig(AppConfig):
    """The daily settlement of RMR capacity."""

    name = "apps.settlements"

    def ready(self) -> None:
        from apps.designations.terms import preview_cost_with
        from apps.market.terms import METERED_DEMAND
        from apps.resources.rules import NEW_TARIFF_CUTOFF
        from apps.runs.terms import Read, RunKind, register_kind
        from apps.settlements import screens, services  # noqa: F401
        from apps.settlements.rules import ALLOCATION_STEP, CAPACITY_MW_BASIS
        from apps.settlements.terms import DAILY

        preview_cost_with(services.price_cost)
        register_kind(
            RunKind(
                code=DAILY,
                title="Daily RMR capacity settlement",
                reads=(Read(METERED_DEMAND),),
                terms=services.terms_of,
                parameters=(ALLOCATION_STEP, CAPACITY_MW_BASIS, NEW_TARIFF_CUTOFF),
                compute=services.settle_day,
                requirements=("BRQ-1210", "BRQ-1225", "BRQ-1230"),
            )
        )

"""Start-up of settlements: the daily run, its calendar, screens and desks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.apps import AppConfig


class SettlementsConfig(AppConfig):
    """The settlement of a trade date."""

    name = "apps.settlement.settlements"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.adequacy.availability.codes import DAILY as AVAILABILITY
        from apps.bidding.costs.codes import DAILY_COSTS
        from apps.platform.accounts.codes import APPROVERS, UPLOADERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.runs.hooks import (
            CORRECTION_HOOKS,
            PUBLICATION_HOOKS,
            PUBLISHED_TABLES,
            READINESS,
            RESTS_ON,
            RUN_KINDS,
            HoldEffect,
            PublicationHook,
            PublishedTables,
            ReadinessCheck,
            RestsOn,
            RunKind,
        )
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.reference.resources.services import no_check, period_ever, span_ever
        from apps.reliability.designations.hooks import COST_PREVIEW
        from apps.settlement.settlements import codes, layouts, screens, services  # noqa: F401
        from apps.settlement.settlements.rules import (
            CAPACITY_ALLOCATION,
            CAPACITY_NETTING,
            CPM_AMOUNT,
            DAILY_CAPACITY,
            EXCEPTIONAL_DISPATCH,
            MEAF,
            RAAIM_MONTH,
            RAAIM_POOL,
            SETTLEMENT_CALENDAR,
        )
        from apps.settlement.settlements.rules.chain import NODES, in_order
        from apps.settlement.settlements.services import tables

        CALCULATORS.register(
            CAPACITY_ALLOCATION,
            CAPACITY_NETTING,
            CPM_AMOUNT,
            DAILY_CAPACITY,
            EXCEPTIONAL_DISPATCH,
            MEAF,
            RAAIM_MONTH,
            RAAIM_POOL,
            SETTLEMENT_CALENDAR,
        )
        in_order(list(NODES))  # a chain that does not fit together does not start
        COST_PREVIEW.register(services.price_cost)
        RUN_KINDS.register(
            RunKind(
                code=codes.DAILY,
                title="Daily settlement",
                reads=services.READS,
                dated_inputs=services.dated_inputs_of,
                parameters=services.PARAMETERS,
                compute=services.settle_day,
                requirements=("BRQ-1210", "BRQ-1225", "BRQ-1230", "BRQ-1255", "BRQ-1260"),
                lists=(
                    ("Charge lines", "charge-lines"),
                    ("Market netting", "market-netting"),
                    ("RAAIM by resource", "raaim"),
                ),
                calendar=services.calendar,
                preview="publication-preview",
                prepare="trade-date-prepare",
                quality="data-quality",
                files_behind=services.files_behind,
                sometimes=services.SOMETIMES,
            )
        )
        results = ("market-hours", "commitments")
        for check in (
            ReadinessCheck(
                codes.DAILY,
                "costs",
                "Costs of the day",
                services.costs_held,
                ("commitment-inputs", "commitments"),
                ("COSTS-MISSING", "COSTS-OUTDATED", "COSTS-NO-PROXY"),
            ),
            ReadinessCheck(
                codes.DAILY,
                "availability",
                "Availability of the months",
                services.months_held,
                codes=("AVAILABILITY-OUTDATED", "AVAILABILITY-MISSING"),
            ),
            ReadinessCheck(
                codes.DAILY,
                "availability-day",
                "Availability of the day",
                services.day_not_measured,
                codes=("AVAILABILITY-DAY",),
                worst=lambda day, known_at: HoldEffect.NAMED,
            ),
            ReadinessCheck(
                codes.DAILY,
                "unused",
                "Calculations that nothing is taken from",
                services.outdated_unused,
                codes=("COSTS-UNUSED", "AVAILABILITY-UNUSED"),
                worst=lambda day, known_at: HoldEffect.NAMED,
            ),
            ReadinessCheck(
                codes.DAILY,
                "results",
                "Market results of contracts",
                services.contracts_without_results,
                results,
                ("CONTRACT-NO-RESULTS",),
                worst=services.effect_without_results,
            ),
            ReadinessCheck(
                codes.DAILY,
                "demand",
                "Metered demand of contracts",
                services.contracts_without_demand,
                ("metered-demand",),
                ("CONTRACT-NO-DEMAND",),
                worst=services.effect_without_results,
            ),
            ReadinessCheck(
                codes.DAILY,
                "energy",
                "Measured energy of results",
                services.energy_without_intervals,
                ("market-intervals",),
                ("RESULTS-NO-INTERVALS",),
                worst=services.effect_without_results,
            ),
            ReadinessCheck(
                codes.DAILY,
                "prices",
                "Prices of results",
                services.energy_without_prices,
                codes=("RESULTS-NO-PRICE",),
                files_for=services.file_of_prices,
                worst=services.effect_without_results,
            ),
            ReadinessCheck(
                codes.DAILY,
                "dispatch-shares",
                "Shares of exceptional dispatch",
                services.dispatch_without_shares,
                ("dispatch-shares",),
                ("ED-NO-SHARES",),
                worst=lambda day, known_at: HoldEffect.NAMED,
            ),
            ReadinessCheck(
                codes.DAILY,
                "cost-errors",
                "Errors of the costs of the day",
                services.cost_errors,
                codes=("COSTS-ERROR",),
                files_for=services.files_of_cost_error,
                worst=lambda day, known_at: HoldEffect.NAMED,
            ),
        ):
            READINESS.register(check)
        for model in (
            "CapacityPayment",
            "AllocationLine",
            "ChargeLine",
            "MarketNetting",
            "RaaimLine",
            "RaaimPool",
        ):
            PUBLISHED_TABLES.register(PublishedTables(codes.DAILY, f"settlements.{model}"))
        RESTS_ON.register(RestsOn(codes.DAILY, DAILY_COSTS, services.days_taking_costs))
        PUBLICATION_HOOKS.register(PublicationHook(AVAILABILITY, services.availability_moved))
        PUBLICATION_HOOKS.register(PublicationHook(DAILY_COSTS, services.costs_moved))
        PUBLICATION_HOOKS.register(PublicationHook(codes.DAILY, services.recoveries_published))
        PUBLICATION_HOOKS.register(PublicationHook(codes.DAILY, services.late_published))
        CORRECTION_HOOKS.register(services.hear_correction)
        TOPICS.register(Topic("late-correction", "Something approved late asks for optional runs"))
        calendar = (
            (
                "settlement-runs",
                "Settlement runs by trade date",
                codes.RUN_RULES,
                layouts.RULE_ROW,
                tables.store_rules,
                "Which runs trade dates have, and when; a new file replaces all of it.",
            ),
            (
                "settlement-dates",
                "Published settlement dates",
                codes.RUN_DATES,
                layouts.DATE_ROW,
                tables.store_dates,
                "Dates the ISO has published for runs; they win over computed ones.",
            ),
        )
        for code, title, dataset, layout, store, text in calendar:
            UPLOAD_KINDS.register(
                UploadKind(
                    code=code,
                    title=title,
                    dataset=dataset,
                    layout=layout,
                    help=text,
                    upload_roles=UPLOADERS,
                    confirm_roles=APPROVERS,
                    second_person=True,
                    period_of=period_ever,
                    span_of=span_ever,
                    check=no_check,
                    store=store,
                    current=partial(_as_confirmed, rows_as_confirmed, dataset.name),
                    published=True,
                    requirements=("BRQ-1201",),
                )
            )


def _as_confirmed(read: Callable[[str, str], Any], dataset: str, period: str) -> Any:
    return read(dataset, period)

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
        from apps.adequacy.availability.terms import DAILY as AVAILABILITY
        from apps.bidding.costs.terms import DAILY_COSTS
        from apps.platform.accounts.terms import APPROVERS, UPLOADERS
        from apps.platform.kernel.calculator import CALCULATORS
        from apps.platform.notices.terms import register_topic
        from apps.platform.runs.terms import (
            RunKind,
            on_correction,
            on_publication,
            register_kind,
            witness,
        )
        from apps.platform.uploads.services import register_kind as register_upload
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.platform.uploads.terms import UploadKind
        from apps.reference.resources.services import no_check, period_ever, span_ever
        from apps.reliability.designations.terms import preview_cost_with
        from apps.settlement.settlements import records, screens, services, terms  # noqa: F401
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
        from apps.settlement.settlements.rules.chain import in_order, nodes
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
        in_order(nodes())  # a chain that does not fit together does not start
        preview_cost_with(services.price_cost)
        register_kind(
            RunKind(
                code=terms.DAILY,
                title="Daily settlement",
                reads=services.READS,
                terms=services.terms_of,
                parameters=services.PARAMETERS,
                compute=services.settle_day,
                requirements=("BRQ-1210", "BRQ-1225", "BRQ-1230", "BRQ-1255", "BRQ-1260"),
                lists=(
                    ("Charge lines", "/charge-lines/"),
                    ("Market netting", "/market-netting/"),
                    ("RAAIM by resource", "/raaim/"),
                ),
                calendar=services.calendar,
                preview="publication-preview",
                prepare="trade-date-prepare",
                sometimes=services.SOMETIMES,
            )
        )
        witness(
            terms.DAILY,
            *(
                f"settlements.{name}"
                for name in (
                    "CapacityPayment",
                    "AllocationLine",
                    "ChargeLine",
                    "MarketNetting",
                    "RaaimLine",
                    "RaaimPool",
                )
            ),
        )
        on_publication(AVAILABILITY, services.availability_moved)
        on_publication(DAILY_COSTS, services.costs_moved)
        on_publication(terms.DAILY, services.recoveries_published)
        on_publication(terms.DAILY, services.late_published)
        on_correction(services.hear_correction)
        register_topic("late-correction", "Something approved late asks for optional runs")
        calendar = (
            (
                "settlement-runs",
                "Settlement runs by trade date",
                terms.RUN_RULES,
                records.RULE_ROW,
                tables.store_rules,
                "Which runs trade dates have, and when; a new file replaces all of it.",
            ),
            (
                "settlement-dates",
                "Published settlement dates",
                terms.RUN_DATES,
                records.DATE_ROW,
                tables.store_dates,
                "Dates the ISO has published for runs; they win over computed ones.",
            ),
        )
        for code, title, dataset, record, store, text in calendar:
            register_upload(
                UploadKind(
                    code=code,
                    title=title,
                    dataset=dataset,
                    record=record,
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

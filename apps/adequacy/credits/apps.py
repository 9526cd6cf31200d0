"""Start-up of credits: upload kinds, run kinds, desk and lists."""

from functools import partial
from typing import Any

from django.apps import AppConfig
from django.urls import reverse


class CreditsConfig(AppConfig):
    """Credits of RMR capacity and their distribution to LSEs."""

    name = "apps.adequacy.credits"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.adequacy.credits import codes, layouts, screens, selectors, services  # noqa: F401
        from apps.adequacy.credits.rules import CREDIT_DISTRIBUTION, FLEX_CASCADE
        from apps.platform.accounts.codes import APPROVERS, UPLOADERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.runs.hooks import PUBLISHED_TABLES, RUN_KINDS, PublishedTables, RunKind
        from apps.platform.uploads.hooks import DATASET_WATCHERS, UPLOAD_KINDS, UploadKind
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.reliability.designations.hooks import BEYOND_THE_END, CREDITS

        CALCULATORS.register(CREDIT_DISTRIBUTION, FLEX_CASCADE)
        TOPICS.register(Topic("credits", "RMR credits"))

        def add(code: str, title: str, dataset: Any, layout: Any, **more: Any) -> None:
            UPLOAD_KINDS.register(
                UploadKind(
                    code=code,
                    title=title,
                    dataset=dataset,
                    layout=layout,
                    upload_roles=UPLOADERS,
                    confirm_roles=APPROVERS,
                    second_person=True,
                    period_of=services.period_of_rows,
                    span_of=services.span_of_period,
                    current=partial(rows_as_confirmed, dataset.name),
                    leads_to=lambda period: (
                        "See the distribution",
                        reverse("credit-distribution", args=[period]),
                    ),
                    **more,
                ),
                depth=2,
            )

        add(
            "demand-forecasts",
            "CEC demand forecasts",
            codes.FORECASTS,
            layouts.FORECAST_ROW,
            help="By TAC area; a row without a month is for the annual process. A new file "
            "replaces each year and month it names.",
            check=services.check_forecasts,
            store=services.store_forecasts,
            published=True,
            requirements=("BRQ-0114",),
        )
        add(
            "load-shares",
            "LSE load shares",
            codes.SHARES,
            layouts.SHARE_ROW,
            help="By TAC area and LSE; shares of a TAC area and period sum to 1.",
            check=services.check_shares,
            store=services.store_shares,
            requirements=("BRQ-0114",),
        )
        add(
            "flex-obligations",
            "Flexible obligations of LSEs",
            codes.OBLIGATIONS,
            layouts.OBLIGATION_ROW,
            help="MW by category; credits fill them from the highest category down.",
            check=services.check_obligations,
            store=services.store_obligations,
            requirements=("BRQ-0121",),
        )
        add(
            "rmr-credits-annual",
            "RMR credits, annual",
            codes.ANNUAL_CREDITS,
            layouts.ANNUAL_ROW,
            help="One figure for the twelve months of a year. Credits the file leaves out stay; 0 "
            "ends one.",
            check=services.check_credits,
            store=services.store_annual,
            replaces=False,
            requirements=("BRQ-0114", "BRQ-0116", "BRQ-0117"),
        )
        add(
            "rmr-credits-monthly",
            "RMR credits, monthly",
            codes.MONTHLY_CREDITS,
            layouts.MONTHLY_ROW,
            help="A figure for each month. Credits the file leaves out stay; 0 ends one.",
            check=services.check_credits,
            store=services.store_monthly,
            replaces=False,
            requirements=("BRQ-0114", "BRQ-0116", "BRQ-0117"),
        )
        for process, code in codes.DISTRIBUTION.items():
            RUN_KINDS.register(
                RunKind(
                    code=code,
                    title=f"{codes.PROCESSES[process]} credit distribution",
                    reads=(),
                    dated_inputs=services.terms_of(process),
                    parameters=(),
                    compute=services.distribute_period,
                    lists=(
                        ("Credits of LSEs", "lse-credits"),
                        ("By resource", "credit-shares"),
                        ("Flexible cover", "flex-cover"),
                    ),
                    requirements=("BRQ-0114", "BRQ-0121"),
                )
            )
            for model in ("CreditTac", "CreditShare", "FlexStep", "FlexCover"):
                PUBLISHED_TABLES.register(PublishedTables(code, f"credits.{model}"))
        DATASET_WATCHERS.register(services.input_changed)
        CREDITS.register(selectors.with_credits)
        BEYOND_THE_END.register(selectors.credits_beyond)

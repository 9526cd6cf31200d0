"""Start-up of bids: upload kinds, run kinds, desks."""

from functools import partial
from typing import Any

from django.apps import AppConfig


class BidsConfig(AppConfig):
    """Bids, their insertion, use limits."""

    name = "apps.bidding.bids"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.bidding.bids import codes, layouts, screens, services  # noqa: F401
        from apps.bidding.bids.rules import BID_INSERTION, BID_PARAMETERS
        from apps.bidding.costs.codes import DAILY_COSTS
        from apps.platform.accounts.codes import APPROVERS, UPLOADERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.runs.hooks import RESTS_ON, RUN_KINDS, Read, RestsOn, RunKind
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.reference.market import services as market_services
        from apps.reference.masterfile.codes import CONFIGURATIONS
        from apps.reference.resources import services as resource_services

        CALCULATORS.register(BID_INSERTION)
        TOPICS.register(Topic("bids", "Bids and use limits"))
        ever: dict[str, Any] = {
            "period_of": resource_services.period_ever,
            "span_of": resource_services.span_ever,
        }
        by_day: dict[str, Any] = {
            "period_of": market_services.period_trade_date,
            "span_of": market_services.span_of_day,
        }
        for code, title, dataset, layout, store, help_text, when, brq in (
            (
                "certified-services",
                "Certified ancillary services",
                codes.CERTIFIED,
                layouts.SERVICE_ROW,
                services.store_services,
                "MW by service; a new file replaces all rows.",
                ever,
                "BRQ-0523",
            ),
            (
                "use-limits",
                "Use limits",
                codes.USE_LIMITS,
                layouts.LIMIT_ROW,
                services.store_limits,
                "Allowed starts, run hours or MWh; a new file replaces all rows.",
                ever,
                "BRQ-0530",
            ),
            (
                "use-readings",
                "Use against limits",
                codes.USAGE,
                layouts.USE_ROW,
                services.store_use,
                "What was used; each trade date is a version of its own.",
                by_day,
                "BRQ-0530",
            ),
        ):
            UPLOAD_KINDS.register(
                UploadKind(
                    code=code,
                    title=title,
                    dataset=dataset,
                    layout=layout,
                    help=help_text,
                    upload_roles=UPLOADERS,
                    confirm_roles=APPROVERS,
                    second_person=True,
                    check=services.check_known,
                    store=store,
                    owner_of=resource_services.owner_of_resource,
                    current=partial(rows_as_confirmed, dataset.name),
                    requirements=(brq,),
                    **when,
                )
            )
        for code in codes.INSERTION.values():
            RESTS_ON.register(RestsOn(code, DAILY_COSTS, lambda days, at: set(days)))
        for market, code in codes.INSERTION.items():
            RUN_KINDS.register(
                RunKind(
                    code=code,
                    title=f"{codes.MARKET_TITLES[market]} bid insertion",
                    reads=(
                        Read(CONFIGURATIONS, required=False),
                        Read(codes.CERTIFIED, required=False),
                    ),
                    dated_inputs=services.terms_of(market),
                    parameters=BID_PARAMETERS,
                    compute=services.insert_bids,
                    by_hand=False,
                    lists=(
                        ("Bids", "inserted-bids"),
                        ("By hour", "bid-hours"),
                        ("Shortfalls", "must-offer-shortfalls"),
                    ),
                    requirements=("BRQ-0260", "BRQ-0520", "BRQ-0523"),
                )
            )

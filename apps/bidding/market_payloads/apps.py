"""Start-up of the market's view."""

from typing import Any

from django.apps import AppConfig


class MarketviewConfig(AppConfig):
    """What the markets, settlements and reports are told of RMR."""

    name = "apps.bidding.market_payloads"
    numbers_from = ("selectors", "services")
    verbose_name = "Market payloads"

    def ready(self) -> None:
        from apps.adequacy.availability.codes import DAILY as AVAILABILITY
        from apps.bidding.bids.codes import INSERTION
        from apps.bidding.market_payloads import codes, layouts, screens, services, tasks  # noqa: F401
        from apps.bidding.market_payloads.rules import DISPATCH_FLAG
        from apps.platform.accounts.codes import APPROVERS, UPLOADERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.jobs.hooks import JOB_KINDS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.runs.hooks import PUBLICATION_HOOKS, PublicationHook
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.reference.market import services as market_services
        from apps.reference.market.rules import HOURS, by_place, told_by_hours
        from apps.reference.resources import services as resource_services

        CALCULATORS.register(DISPATCH_FLAG)
        TOPICS.register(Topic("market-view", "Market payloads and dispatch"))
        JOB_KINDS.register(tasks.DELIVER_PAYLOAD)

        def tell_market(run: Any, earlier: Any, at: Any) -> None:
            audience = next(m for m, code in INSERTION.items() if code == run.kind)
            services.make_payload(
                audience=codes.Audience(audience.value),
                day=run.trade_date,
                actor=run.opened_by,
                at=at,
                cause=f"{run} sealed",
            )

        def tell_settlements(run: Any, earlier: Any, at: Any) -> None:
            services.make_payload(
                audience=codes.Audience.RAAIM,
                day=run.trade_date,
                actor=run.opened_by,
                at=at,
                cause=f"{run} sealed",
            )

        for code in INSERTION.values():
            PUBLICATION_HOOKS.register(PublicationHook(code, tell_market))
        PUBLICATION_HOOKS.register(PublicationHook(AVAILABILITY, tell_settlements))
        UPLOAD_KINDS.register(
            UploadKind(
                code="dispatches",
                title="Day-ahead schedules and dispatch",
                dataset=codes.DISPATCHES,
                layout=layouts.DISPATCH_ROW,
                help="Each trade date in the file becomes a version of its own; the RMR flag is "
                "derived.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=market_services.period_trade_date,
                span_of=market_services.span_of_day,
                tells=told_by_hours,
                read_as=by_place,
                options=(HOURS,),
                check=services.check_dispatch,
                store=services.store_dispatch,
                plausible=(
                    *resource_services.capacity_checks("day_ahead_mw", "DAY_AHEAD_MW"),
                    *resource_services.capacity_checks("real_time_mw", "REAL_TIME_MW"),
                ),
                current=lambda period: rows_as_confirmed(codes.DISPATCHES.name, period),
                owner_of=resource_services.owner_of_resource,
                requirements=("BRQ-0761",),
            )
        )

"""Start-up of the market's view."""

from typing import Any

from django.apps import AppConfig


class MarketviewConfig(AppConfig):
    """What the markets, settlements and reports are told of RMR."""

    name = "apps.bidding.marketview"
    numbers_from = ("selectors", "services")
    verbose_name = "Market payloads"

    def ready(self) -> None:
        from apps.adequacy.availability.terms import DAILY as AVAILABILITY
        from apps.bidding.bids.terms import INSERTION
        from apps.bidding.marketview import records, screens, services, tasks, terms  # noqa: F401
        from apps.bidding.marketview.rules import DISPATCH_FLAG
        from apps.platform.accounts.terms import APPROVERS, UPLOADERS
        from apps.platform.jobs.terms import register_job
        from apps.platform.kernel.calculator import CALCULATORS
        from apps.platform.notices.terms import register_topic
        from apps.platform.runs.terms import on_publication
        from apps.platform.uploads.services import register_kind, rows_as_confirmed
        from apps.platform.uploads.terms import UploadKind
        from apps.reference.market import services as market_services
        from apps.reference.resources import services as resource_services

        CALCULATORS.register(DISPATCH_FLAG)
        register_topic("market-view", "Market payloads and dispatch")
        register_job(tasks.DELIVER_PAYLOAD)

        def tell_market(run: Any, earlier: Any, at: Any) -> None:
            audience = next(m for m, code in INSERTION.items() if code == run.kind)
            services.make_payload(
                audience=terms.Audience(audience.value),
                day=run.trade_date,
                actor=run.opened_by,
                at=at,
                cause=f"{run} sealed",
            )

        def tell_settlements(run: Any, earlier: Any, at: Any) -> None:
            services.make_payload(
                audience=terms.Audience.RAAIM,
                day=run.trade_date,
                actor=run.opened_by,
                at=at,
                cause=f"{run} sealed",
            )

        for code in INSERTION.values():
            on_publication(code, tell_market)
        on_publication(AVAILABILITY, tell_settlements)
        register_kind(
            UploadKind(
                code="dispatches",
                title="Day-ahead schedules and dispatch",
                dataset=terms.DISPATCHES,
                record=records.DISPATCH_ROW,
                help="Each trade date in the file becomes a version of its own; the RMR flag is "
                "derived.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=market_services.period_trade_date,
                span_of=market_services.span_of_day,
                check=services.check_dispatch,
                store=services.store_dispatch,
                current=lambda period: rows_as_confirmed(terms.DISPATCHES.name, period),
                owner_of=resource_services.owner_of_resource,
                requirements=("BRQ-0761",),
            )
        )

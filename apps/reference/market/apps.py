"""Start-up of market: upload kinds and screens."""

from django.apps import AppConfig


class MarketConfig(AppConfig):
    """Facts from meters and the market."""

    name = "apps.reference.market"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.accounts.codes import APPROVERS, METER_WRITERS, UPLOADERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.reference.market import codes, layouts, screens, selectors, services  # noqa: F401
        from apps.reference.market.rules import BUSINESS_DAYS, HOURS, by_place, told_by_hours
        from apps.reference.resources.services import (
            no_check,
            owner_of_resource,
            period_ever,
            span_ever,
        )

        CALCULATORS.register(BUSINESS_DAYS)
        UPLOAD_KINDS.register(
            UploadKind(
                code="metered-demand",
                title="Metered demand",
                dataset=codes.METERED_DEMAND,
                layout=layouts.DEMAND_ROW,
                help="Demand by SC, TAC area and trade hour. Each trade date in the file becomes "
                "a version of its own; SCs and hours the file does not name stay in force.",
                upload_roles=METER_WRITERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=services.period_trade_date,
                span_of=services.span_of_day,
                check=services.check_demand,
                store=services.store_demand,
                current=selectors.current_demand,
                parts=services.DEMAND_PARTS,
                plausible=services.DEMAND_CHECKS,
                tells=told_by_hours,
                read_as=by_place,
                options=(HOURS,),
                owner_of=services.owner_of_demand,
                requirements=("BRQ-1230",),
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="tac-load",
                title="TAC area load (OASIS)",
                dataset=codes.TAC_LOAD,
                layout=layouts.LOAD_ROW,
                help="Actual hourly load by TAC area, OASIS SLD_FCST columns. Forecasts are "
                "refused. Areas and hours the file does not name stay in force.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS | UPLOADERS,
                second_person=False,
                period_of=services.period_of_load,
                span_of=services.span_of_day,
                check=services.check_load,
                store=services.store_load,
                current=selectors.current_load,
                parts=services.LOAD_PARTS,
                plausible=services.LOAD_CHECKS,
                published=True,
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="energy-prices",
                title="Energy prices (OASIS PRC_LMP)",
                dataset=codes.ENERGY_PRICES,
                layout=layouts.PRICE_ROW,
                help="Locational marginal prices and their parts as OASIS publishes them, hourly, "
                "15-minute or 5-minute. Markets, nodes and intervals the file does not name "
                "stay in force.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS | UPLOADERS,
                second_person=False,
                period_of=services.period_operating_date,
                span_of=services.span_of_day,
                check=services.check_prices,
                store=services.store_prices,
                current=selectors.current_prices,
                parts=services.PRICE_PARTS,
                plausible=services.PRICE_CHECKS,
                published=True,
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="holidays",
                title="Holidays",
                dataset=codes.HOLIDAYS,
                layout=layouts.HOLIDAY_ROW,
                help="The calendar of holidays; a new file replaces all of it.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=period_ever,
                span_of=span_ever,
                check=no_check,
                store=services.store_holidays,
                current=lambda period: rows_as_confirmed(codes.HOLIDAYS.name, period),
                published=True,
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="dispatch-shares",
                title="Shares of exceptional dispatch",
                dataset=codes.DISPATCH_SHARES,
                layout=layouts.DISPATCH_SHARE_ROW,
                help="Measured demand of SCs and revenue requirements of transmission owners, by "
                "which exceptional dispatch is shared where the parameter "
                "settlements.dispatch_allocation says TARIFF. Each trade date in the file becomes "
                "a version of its own; a basis the file does not name stays in force.",
                upload_roles=METER_WRITERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=services.period_trade_date,
                span_of=services.span_of_day,
                check=services.check_shares,
                store=services.store_shares,
                current=selectors.current_shares,
                parts=services.SHARE_PARTS,
                plausible=services.SHARE_CHECKS,
                owner_of=services.owner_of_demand,
                requirements=("BRQ-1260",),
            )
        )
        kinds = (
            (
                "commitments",
                "Commitments",
                codes.COMMITMENTS,
                layouts.COMMITMENT_ROW,
                "Starts, runs at minimum load and transitions by the market that committed them.",
                services.COMMITMENT_CHECKS,
            ),
            (
                "market-hours",
                "Hourly market results",
                codes.RESOURCE_HOURS,
                layouts.HOUR_ROW,
                "Day-ahead energy, ancillary services and RUC by resource and trade hour.",
                services.result_checks(
                    codes.RESOURCE_HOURS.name, layouts.HOUR_ROW, ("da_mwh",), "da_lmp", 1
                ),
            ),
            (
                "market-quarters",
                "15-minute market results",
                codes.RESOURCE_QUARTERS,
                layouts.QUARTER_ROW,
                "FMM energy and ancillary services by resource and quarter.",
                services.result_checks(
                    codes.RESOURCE_QUARTERS.name, layouts.QUARTER_ROW, ("fmm_mwh",), "fmm_lmp", 4
                ),
            ),
            (
                "market-intervals",
                "5-minute energy",
                codes.RESOURCE_INTERVALS,
                layouts.INTERVAL_ROW,
                "Expected, metered, dispatched and exceptionally dispatched energy by resource.",
                services.result_checks(
                    codes.RESOURCE_INTERVALS.name,
                    layouts.INTERVAL_ROW,
                    ("metered_mwh", "expected_mwh"),
                    "rtd_lmp",
                    12,
                ),
            ),
        )
        for code, title, dataset, layout, text, checks in kinds:
            UPLOAD_KINDS.register(
                UploadKind(
                    code=code,
                    title=title,
                    dataset=dataset,
                    layout=layout,
                    help=f"{text} Each trade date in the file becomes a version of its own; what "
                    "the file does not name stays in force.",
                    upload_roles=METER_WRITERS,
                    confirm_roles=APPROVERS,
                    second_person=True,
                    period_of=services.period_trade_date,
                    span_of=services.span_of_day,
                    check=services.check_results,
                    store=services.store_results(selectors.RESULT_MODELS[dataset.name]),
                    current=selectors.current_results(dataset.name),
                    parts=services.RESULT_PARTS[dataset.name],
                    plausible=checks,
                    tells=told_by_hours,
                    read_as=by_place,
                    options=(HOURS,),
                    owner_of=owner_of_resource,
                    requirements=("BRQ-1255",),
                )
            )

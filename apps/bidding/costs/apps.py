"""Start-up of calculated costs: upload kinds, run kinds, screens."""

from typing import Any

from django.apps import AppConfig


class CostsConfig(AppConfig):
    """Fuel and allowance prices, adders, default energy bids, transitions, commitment costs."""

    name = "apps.bidding.costs"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.bidding.costs import codes, layouts, screens, services  # noqa: F401
        from apps.bidding.costs.rules import COST_PARAMETERS, GAS_DEB, MMA_TRANSITIONS, NON_GAS_DEB
        from apps.platform.accounts.codes import APPROVERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.runs.hooks import RUN_KINDS, Read, RunKind
        from apps.platform.uploads.codes import Option
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.reference.market import services as market_services
        from apps.reference.masterfile.codes import CONFIGURATIONS, POINTS, TRANSITIONS
        from apps.reference.masterfile.hooks import CURVE_CHECKS, RECORD_CHECKS
        from apps.reference.resources import services as resource_services

        CALCULATORS.register(GAS_DEB, MMA_TRANSITIONS, NON_GAS_DEB)
        CURVE_CHECKS.register(services.warn_of_curves)
        RECORD_CHECKS.register(services.warn_of_records)
        TOPICS.register(Topic("costs", "Cost adders and reference levels"))
        prices: dict[str, Any] = {
            "upload_roles": codes.COST_SENDERS,
            "confirm_roles": APPROVERS | codes.COST_SENDERS,
            "second_person": False,
            "published": True,
            "span_of": market_services.span_of_day,
        }
        checked: dict[str, Any] = {
            "upload_roles": codes.COST_SENDERS | codes.COST_WRITERS,
            "confirm_roles": APPROVERS,
            "second_person": True,
            "owner_of": resource_services.owner_of_resource,
        }
        ever: dict[str, Any] = {
            "period_of": resource_services.period_ever,
            "span_of": resource_services.span_ever,
        }
        no_check = resource_services.no_check
        by_day = "Each day in the file becomes a version of its own and replaces the one before."

        def add(code: str, title: str, dataset: Any, layout: Any, **more: Any) -> None:
            UPLOAD_KINDS.register(
                UploadKind(
                    code=code,
                    title=title,
                    dataset=dataset,
                    layout=layout,
                    current=lambda period: rows_as_confirmed(dataset.name, period),
                    **more,
                ),
                depth=2,
            )

        add(
            "gas-prices",
            "Published gas prices (citygates, Henry Hub)",
            codes.PUBLISHED_GAS,
            layouts.GAS_ROW,
            help="Weekly citygate or daily Henry Hub prices as published. A blank "
            "week is none. " + by_day,
            period_of=services.period_of_price,
            check=services.check_gas,
            store=services.store_gas,
            plausible=services.GAS_CHECKS,
            reach=services.reach_of_prices,
            keeps=services.gas_kept,
            requirements=("BRQ-0065",),
            **prices,
        )
        add(
            "fuel-prices",
            "Fuel index prices",
            codes.FUEL_PRICES,
            layouts.FUEL_ROW,
            help="Any fuel index by day: gas, distillate, jet. " + by_day,
            period_of=services.period_of_price,
            check=no_check,
            store=services.store_fuel,
            plausible=services.FUEL_CHECKS,
            reach=services.reach_of_prices,
            keeps=services.series_kept("price_date", "index"),
            requirements=("BRQ-0065",),
            **prices,
        )
        add(
            "allowance-auctions",
            "Allowance auctions (CARB)",
            codes.AUCTIONS,
            layouts.AUCTION_ROW,
            help="Quarterly joint auctions as published; a price holds from "
            "the first day of its quarter.",
            period_of=services.period_of_auction,
            check=services.check_auctions,
            store=services.store_auctions,
            plausible=services.ALLOWANCE_CHECKS,
            reach=services.reach_of_prices,
            requirements=("BRQ-0065",),
            **prices,
        )
        add(
            "allowance-prices",
            "GHG allowance prices by day",
            codes.ALLOWANCES,
            layouts.ALLOWANCE_ROW,
            help="The allowance index by day. " + by_day,
            period_of=services.period_of_price,
            check=no_check,
            store=services.store_allowances,
            plausible=services.ALLOWANCE_CHECKS,
            reach=services.reach_of_prices,
            requirements=("BRQ-0065",),
            **prices,
        )
        add(
            "cost-rates",
            "GMC, VOM and power rates",
            codes.RATES,
            layouts.RATE_ROW,
            help="Rates from a day on. " + by_day,
            period_of=services.period_of_rate,
            span_of=market_services.span_of_day,
            check=services.check_rates,
            store=services.store_rates,
            plausible=resource_services.amount_checks(layouts.RATE_ROW),
            reach=services.reach_of_prices,
            keeps=services.series_kept("effective", "rate", "resource_id"),
            requirements=("BRQ-0065",),
            **checked,
        )
        add(
            "fuel-regions",
            "Fuel regions (gas price index document)",
            codes.FUEL_REGIONS,
            layouts.REGION_ROW,
            help="The published workbook as it is; a new file replaces all regions.",
            check=services.check_regions,
            store=services.store_regions,
            reach=resource_services.reach_of_all,
            requirements=("BRQ-0091",),
            **(prices | ever),
        )
        add(
            "commitment-inputs",
            "Commitment cost inputs",
            codes.COMMITMENT_INPUTS,
            layouts.COMMITMENT_ROW,
            help="Start and transition fuel, emission rate, cost basis; "
            "a new file replaces all resources from its day on.",
            period_of=resource_services.period_as_of,
            span_of=resource_services.span_from_day,
            options=(Option("as_of", "Inputs from", "date", "The first trade date."),),
            check=services.check_commitment,
            store=services.store_commitment,
            plausible=resource_services.amount_checks(layouts.COMMITMENT_ROW),
            reach=resource_services.reach_of_lists,
            requirements=("BRQ-0093", "BRQ-0523"),
            **checked,
        )
        add(
            "cost-adders",
            "Cost adders",
            codes.ADDERS,
            layouts.ADDER_ROW,
            help="Adders by resource, configuration or transition. Adders that the file leaves out "
            "stay.",
            check=services.check_adders,
            store=services.store_adders,
            plausible=resource_services.amount_checks(layouts.ADDER_ROW),
            replaces=False,
            requirements=("BRQ-0062",),
            **(checked | ever),
        )
        for source, code, title, layout in (
            ("WECC", "wecc-curves", "WECC input-output curves", layouts.WECC_ROW),
            ("CAPOW", "capow-generators", "CAPOW generators", layouts.CAPOW_ROW),
            ("EPA", "epa-heat-rates", "EPA annual heat rates", layouts.EPA_ROW),
        ):
            add(
                code,
                title,
                codes.CURVES[source],
                layout,
                help="Model data as published; a new file replaces all of it. Priced by a run of "
                "“Bids of published curves”.",
                check=services.check_curves(source),
                store=services.store_curves(source),
                requirements=("BRQ-0065",),
                **(prices | ever),
            )

        reads = tuple(
            Read(d, required=False)
            for d in (CONFIGURATIONS, TRANSITIONS, POINTS, codes.FUEL_REGIONS)
        )
        RUN_KINDS.register(
            RunKind(
                code=codes.DAILY_COSTS,
                title="Daily costs",
                reads=reads,
                dated_inputs=services.terms_of,
                dated_inputs_over=services.terms_over,
                parameters=COST_PARAMETERS,
                compute=services.calculate_day,
                by_hand=False,
                lists=(
                    ("Default energy bids", "default-energy-bids"),
                    ("Transitions", "mma-transitions"),
                    ("Commitment costs", "commitment-costs"),
                    ("Violations", "cost-violations"),
                ),
                requirements=("BRQ-0065", "BRQ-0097", "BRQ-0098"),
            )
        )
        RUN_KINDS.register(
            RunKind(
                code=codes.REFERENCE_BIDS,
                title="Bids of published curves",
                reads=tuple(Read(d, required=False) for d in codes.CURVES.values()),
                dated_inputs=services.terms_of,
                dated_inputs_over=services.terms_over,
                parameters=COST_PARAMETERS,
                compute=services.calculate_reference,
                by_hand=False,
                lists=(("Bids", "reference-bids"), ("Violations", "cost-violations")),
                requirements=("BRQ-0065",),
            )
        )

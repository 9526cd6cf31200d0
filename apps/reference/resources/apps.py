"""Start-up of resources: upload kinds and screens."""

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    """Resources and the areas they are in."""

    name = "apps.reference.resources"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.accounts.codes import APPROVERS, UPLOADERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.uploads.codes import Option
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.reference.resources import codes, layouts, screens, selectors, services  # noqa: F401
        from apps.reference.resources.rules import VINTAGE

        CALCULATORS.register(VINTAGE)
        UPLOAD_KINDS.register(
            UploadKind(
                code="resources",
                title="Resource list",
                dataset=codes.RESOURCE_ATTRIBUTES,
                layout=layouts.RESOURCE_ROW,
                help="Attributes and SC of resources by trade date. Resources left out of the "
                "file stay as they are.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=services.period_ever,
                span_of=services.span_ever,
                check=services.check_attributes,
                store=services.store_attributes,
                second_person_for=codes.FOR_NEW_RESOURCES,
                options=(codes.NEW_IDS,),
                current=services.current_attributes,
                plausible=services.capacity_checks("pmax_mw", "PMAX_MW", pmax=False),
                replaces=False,
                owner_of=services.owner_of_resource_row,
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="former-resource-ids",
                title="Former IDs of resources",
                dataset=codes.FORMER_IDS,
                layout=layouts.FORMER_ID_ROW,
                help="What resources were called before they were renamed. A row under a former "
                "ID is refused with the ID of today. A new file replaces all of it.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=services.period_ever,
                span_of=services.span_ever,
                check=services.check_former_ids,
                store=services.store_former_ids,
                current=lambda period: rows_as_confirmed(codes.FORMER_IDS.name, period),
                published=True,
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="capability-list",
                title="Generating capability list (public)",
                dataset=codes.CAPABILITY_LIST,
                layout=layouts.CAPABILITY_ROW,
                help="The ISO's public list (OASIS ATL_GEN_CAP_LST) as of one date.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS | UPLOADERS,
                second_person=False,
                period_of=services.period_as_of,
                span_of=services.span_from_day,
                check=services.check_capability,
                store=services.store_capability,
                second_person_for=codes.FOR_NEW_RESOURCES,
                current=services.current_capability,
                published=True,
                options=(
                    Option("as_of", "List as of", "date", "The date the list was drawn."),
                    codes.NEW_IDS,
                ),
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="nqc-list",
                title="NQC list (public, 20 columns)",
                dataset=codes.PUBLIC_NQC,
                layout=layouts.PUBLIC_NQC_ROW,
                help="The published net qualifying capacity list of one RA year.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS | UPLOADERS,
                second_person=False,
                period_of=services.period_year_option,
                span_of=services.span_of_year,
                check=services.check_public_nqc,
                store=services.store_public_nqc,
                second_person_for=codes.FOR_NEW_RESOURCES,
                current=selectors.public_nqc_frame,
                plausible=tuple(
                    check
                    for month in codes.MONTHS
                    for check in services.capacity_checks(month.lower(), month)
                ),
                published=True,
                options=(
                    Option("ra_year", "RA year", "year", "The file does not say it."),
                    codes.NEW_IDS,
                ),
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="nqc-by-month",
                title="NQC and Pmax by month (public)",
                dataset=codes.NQC_BY_MONTH,
                layout=layouts.NQC_BY_MONTH_ROW,
                help="What the ISO's outage reports of a year printed of each resource and month. "
                "Resources and months the file does not name stay in force.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS | UPLOADERS,
                second_person=False,
                period_of=services.period_of_month,
                span_of=services.span_of_year,
                check=services.check_nqc_by_month,
                store=services.store_nqc_by_month,
                second_person_for=codes.FOR_NEW_RESOURCES,
                options=(codes.NEW_IDS,),
                current=services.current_nqc_by_month,
                parts=services.NQC_MONTH_PARTS,
                plausible=services.capacity_checks(
                    "nqc_mw", "NET QUALIFYING CAPACITY MW", ("resource_id", "month"), pmax=False
                ),
                published=True,
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="efc-list",
                title="EFC list",
                dataset=codes.EFC_LIST,
                layout=layouts.EFC_ROW,
                help="Effective flexible capacity and category of resources by month; RMR "
                "resources have theirs in “NQC and EFC of RMR resources”. Resources and months the "
                "file does not name stay in force.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=services.period_ra_year,
                span_of=services.span_of_year,
                check=services.check_efc_list,
                store=services.store_efc_list,
                second_person_for=codes.FOR_NEW_RESOURCES,
                options=(codes.NEW_IDS,),
                current=lambda period: rows_as_confirmed(codes.EFC_LIST.name, period),
                parts=services.EFC_PARTS,
                plausible=services.capacity_checks("efc_mw", "EFC_MW", ("resource_id", "ra_month")),
                owner_of=services.owner_of_resource,
            )
        )

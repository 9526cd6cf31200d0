"""Start-up of designations: upload kinds and screens."""

from django.apps import AppConfig


class DesignationsConfig(AppConfig):
    """RMR contracts and the attributes of RMR resources."""

    name = "apps.reliability.designations"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS, UPLOADERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.reference.resources import services as resource_services
        from apps.reference.resources.codes import FOR_NEW_RESOURCES, NEW_IDS, RMR_NQC_EFC
        from apps.reference.resources.hooks import PMAX_GUARDS
        from apps.reference.resources.selectors import rmr_nqc_frame
        from apps.reliability.designations import codes, layouts, screens, services  # noqa: F401
        from apps.reliability.designations.rules import CONTRACT_PRICE, DESIGNATION_DATES

        a_month = ("resource_id", "ra_month")
        CALCULATORS.register(CONTRACT_PRICE, DESIGNATION_DATES)
        TOPICS.register(Topic("designation", "Designations and contract terms"))
        TOPICS.register(Topic("price-change", "Contract prices and payloads"))
        PMAX_GUARDS.register(services.pmax_guard)
        UPLOAD_KINDS.register(
            UploadKind(
                code="rmr-facts",
                title="RMR facts of public record",
                dataset=codes.PUBLIC_FACTS,
                layout=layouts.PUBLIC_FACT_ROW,
                help="What public pages say of RMR agreements. A new file replaces the whole "
                "table; each row is kept and says what the desk can make of it.",
                upload_roles=CONTRACT_WRITERS | UPLOADERS,
                confirm_roles=APPROVERS | CONTRACT_WRITERS,
                second_person=False,
                period_of=resource_services.period_ever,
                span_of=resource_services.span_ever,
                check=services.check_public_facts,
                store=services.store_public_facts,
                second_person_for=FOR_NEW_RESOURCES,
                options=(NEW_IDS,),
                current=services.current_public_facts,
                requirements=("BRQ-0010",),
            )
        )

        UPLOAD_KINDS.register(
            UploadKind(
                code="contract-terms",
                title="RMR contract terms",
                dataset=codes.CONTRACT_TERMS,
                layout=layouts.CONTRACT_ROW,
                help="Price and capacity by TAC area and obligation type. The rows of a contract "
                "replace its terms for their dates; other contracts stay as they are.",
                upload_roles=CONTRACT_WRITERS | UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=resource_services.period_ever,
                span_of=resource_services.span_ever,
                check=services.check_contract_terms,
                store=services.store_contract_terms,
                current=services.current_contract_terms,
                plausible=services.CONTRACT_CHECKS,
                replaces=False,
                open_to=services.contract_row_open,
                keeps=services.terms_kept,
                requirements=("BRQ-1210",),
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="rmr-nqc-efc",
                title="NQC/EFC of RMR resources",
                dataset=RMR_NQC_EFC,
                layout=layouts.RMR_NQC_ROW,
                help="Net qualifying and effective flexible capacity of new-tariff RMR resources. "
                "What the file does not name stays in force: a month may be sent alone.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=resource_services.period_ra_year,
                span_of=resource_services.span_of_year,
                check=services.check_rmr_nqc_efc,
                store=resource_services.store_rmr_nqc_efc,
                current=rmr_nqc_frame,
                parts=resource_services.RMR_NQC_PARTS,
                plausible=(
                    *resource_services.capacity_checks("nqc_mw", "NQC_MW", a_month, pmax=False),
                    *resource_services.capacity_checks("efc_mw", "EFC_MW", a_month, pmax=False),
                ),
                owner_of=services.owner_of_nqc_row,
                requirements=("BRQ-0105",),
            )
        )

"""Start-up of CPM: desks, lists, facts of public record, deadlines."""

from django.apps import AppConfig


class CpmConfig(AppConfig):
    """The capacity procurement mechanism."""

    name = "apps.adequacy.cpm"
    numbers_from = ("selectors", "services")
    verbose_name = "CPM"

    def ready(self) -> None:
        from apps.adequacy.cpm import codes, layouts, screens, selectors, services  # noqa: F401
        from apps.adequacy.cpm.rules import CPM_REPORT_DUE
        from apps.adequacy.cpm.services import deficiencies
        from apps.adequacy.plans.hooks import CAPACITY, CapacitySource
        from apps.platform.accounts.codes import APPROVERS, CONTRACT_WRITERS, UPLOADERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import DEADLINES, TOPICS, Topic
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.reference.resources.services import period_ever, span_ever

        CALCULATORS.register(CPM_REPORT_DUE)
        TOPICS.register(Topic("cpm", "Capacity procurement"))
        CAPACITY.register(CapacitySource(selectors.held_by_cpm, selectors.cpm_changes))
        DEADLINES.register(selectors.reports_due)
        UPLOAD_KINDS.register(
            UploadKind(
                code="cpm-facts",
                title="CPM facts of public record",
                dataset=codes.FACTS,
                layout=layouts.FACT_ROW,
                help="What public pages say of CPM designations and prices; a new file replaces "
                "the whole table, and rows that disagree are all kept.",
                upload_roles=CONTRACT_WRITERS | UPLOADERS,
                confirm_roles=APPROVERS | CONTRACT_WRITERS,
                second_person=False,
                period_of=period_ever,
                span_of=span_ever,
                check=services.check_facts,
                store=services.store_facts,
                current=services.current_facts,
                published=True,
                requirements=("BRQ-0310",),
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="cpm-deficiencies",
                title="CPM deficiencies of LSEs",
                dataset=codes.DEFICIENCIES,
                layout=layouts.DEFICIENCY_ROW,
                help="By how much LSEs fell short, for designations that they bear. Each "
                "designation in the file becomes a version of its own.",
                upload_roles=CONTRACT_WRITERS | UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=deficiencies.period_of_designation,
                span_of=span_ever,
                check=deficiencies.check_deficiencies,
                store=deficiencies.store_deficiencies,
                current=deficiencies.current_deficiencies,
                requirements=("BRQ-1320",),
            )
        )

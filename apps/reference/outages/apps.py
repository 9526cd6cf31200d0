"""Start-up of outages."""

from django.apps import AppConfig


class OutagesConfig(AppConfig):
    """Outage cards, the public outage report, the nature-of-work table."""

    name = "apps.reference.outages"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.accounts.codes import APPROVERS, UPLOADERS
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.reference.outages import codes, layouts, screens, services  # noqa: F401
        from apps.reference.resources.codes import FOR_NEW_RESOURCES, NEW_IDS
        from apps.reference.resources.services import period_ever, span_ever

        UPLOAD_KINDS.register(
            UploadKind(
                code="outage-report",
                title="Outage report (curtailed generators)",
                dataset=codes.REPORTS,
                layout=layouts.REPORT_ROW,
                help="The public report as it is: title rows, columns in any order, blank ends. "
                "Each month of starts becomes a version; segments the file leaves out stay.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS | UPLOADERS,
                second_person=False,
                period_of=services.period_of_report,
                span_of=services.span_of_month,
                check=services.check_report,
                store=services.store_report,
                second_person_for=FOR_NEW_RESOURCES,
                options=(NEW_IDS,),
                current=services.current_report,
                replaces=False,
                published=True,
                requirements=("BRQ-0216",),
            )
        )
        UPLOAD_KINDS.register(
            UploadKind(
                code="nature-of-work",
                title="Nature of work",
                dataset=codes.NATURE_TABLE,
                layout=layouts.NATURE_ROW,
                help="Exemption and substitution by nature of work; a new file replaces all rows.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=period_ever,
                span_of=span_ever,
                check=services.check_natures,
                store=services.store_natures,
                current=lambda period: rows_as_confirmed(codes.NATURE_TABLE.name, period),
                published=True,
                requirements=("BRQ-0215",),
            )
        )

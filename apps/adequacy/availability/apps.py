"""Start-up of availability: the dated table, the run, the estimate."""

from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    """The RAAIM pre-calculation."""

    name = "apps.adequacy.availability"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.adequacy.availability import codes, layouts, screens, services  # noqa: F401
        from apps.adequacy.availability.rules import AVAILABILITY_HOURS
        from apps.adequacy.substitutions.hooks import ESTIMATE
        from apps.platform.accounts.codes import APPROVERS, UPLOADERS
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.runs.hooks import RUN_KINDS, RunKind
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.platform.uploads.services import rows_as_confirmed
        from apps.reference.resources.services import period_ever, span_ever

        CALCULATORS.register(AVAILABILITY_HOURS)
        ESTIMATE.register(services.estimate_month)
        UPLOAD_KINDS.register(
            UploadKind(
                code="assessment-hours",
                title="Availability assessment hours",
                dataset=codes.ASSESSMENT,
                layout=layouts.HOURS_ROW,
                help="By RA type, flexible category and date; a new file replaces the whole table.",
                upload_roles=UPLOADERS,
                confirm_roles=APPROVERS,
                second_person=True,
                period_of=period_ever,
                span_of=span_ever,
                check=services.check_hours,
                store=services.store_hours,
                current=lambda period: rows_as_confirmed(codes.ASSESSMENT.name, period),
                published=True,
                requirements=("BRQ-0216",),
            )
        )
        RUN_KINDS.register(
            RunKind(
                code=codes.DAILY,
                title="Availability",
                reads=(),
                dated_inputs=services.terms_of,
                parameters=(),
                compute=services.calculate_day,
                by_hand=False,
                dated_inputs_over=services.dated_inputs_over,
                lists=(
                    ("By hour", "availability-hours"),
                    ("Month", "availability"),
                    ("Not measured", "availability-exceptions"),
                ),
                requirements=("BRQ-0216", "BRQ-1215"),
            )
        )

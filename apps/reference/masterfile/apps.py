"""Start-up of the Master File."""

from typing import Any

from django.apps import AppConfig


class MasterfileConfig(AppConfig):
    """Daily retrieval of resource data, its verification, and changes of SC."""

    name = "apps.reference.masterfile"
    numbers_from = ("selectors", "services")
    verbose_name = "Master File"

    def ready(self) -> None:
        from apps.platform.accounts.codes import APPROVERS, UPLOADERS
        from apps.platform.jobs.hooks import JOB_KINDS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.uploads.codes import Option
        from apps.platform.uploads.hooks import UPLOAD_KINDS, UploadKind
        from apps.reference.masterfile import codes, layouts, screens, services, tasks  # noqa: F401
        from apps.reference.resources import services as resource_services
        from apps.reference.resources.codes import FOR_NEW_RESOURCES, NEW_IDS

        TOPICS.register(Topic("master-file", "Master File and changes of SC"))
        JOB_KINDS.register(tasks.RETRIEVE)
        common: dict[str, Any] = {
            "upload_roles": UPLOADERS,
            "confirm_roles": APPROVERS,
            "second_person": True,
        }
        UPLOAD_KINDS.register(
            UploadKind(
                code="master-file",
                title="Master File of resources",
                dataset=codes.RECORDS,
                layout=layouts.MASTER_FILE_ROW,
                help="The whole Master File of one day. What it changes holds from that day on; "
                "Pmax of a resource under contract stays.",
                period_of=resource_services.period_as_of,
                span_of=resource_services.span_from_day,
                check=services.check_master_file,
                store=services.store_master_file,
                second_person_for=FOR_NEW_RESOURCES,
                current=services.current_master_file,
                plausible=resource_services.capacity_checks("pmax_mw", "PMAX_MW", pmax=False),
                owner_of=services.owner_of_record,
                options=(
                    Option("as_of", "Master File of", "date", "The day it speaks of."),
                    NEW_IDS,
                ),
                reach=resource_services.reach_of_lists,
                requirements=("BRQ-0100", "BRQ-0048"),
                **common,
            )
        )
        for code, title, dataset, layout, check, store, current in (
            (
                "msg-configurations",
                "MSG configurations",
                codes.CONFIGURATIONS,
                layouts.CONFIGURATION_ROW,
                services.check_configuration_file,
                services.store_configurations,
                services.current_configurations,
            ),
            (
                "msg-transitions",
                "MSG transitions",
                codes.TRANSITIONS,
                layouts.TRANSITION_ROW,
                services.check_transition_file,
                services.store_transitions,
                services.current_transitions,
            ),
            (
                "heat-rate-points",
                "Heat-rate and average-cost points",
                codes.POINTS,
                layouts.POINT_ROW,
                services.check_point_file,
                services.store_points,
                services.current_points,
            ),
        ):
            UPLOAD_KINDS.register(
                UploadKind(
                    code=code,
                    title=title,
                    dataset=dataset,
                    layout=layout,
                    help="A new file replaces all there is; what it leaves out ends.",
                    period_of=resource_services.period_ever,
                    span_of=resource_services.span_ever,
                    check=check,
                    store=store,
                    current=current,
                    plausible=resource_services.amount_checks(layout),
                    owner_of=resource_services.owner_of_resource,
                    reach=resource_services.reach_of_all,
                    requirements=("BRQ-0100",),
                    **common,
                )
            )

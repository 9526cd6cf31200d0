"""Start-up of jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work as people see it."""

    name = "apps.platform.jobs"

    def ready(self) -> None:
        from apps.platform.jobs import screens, services, tasks  # noqa: F401  (registers the list)
        from apps.platform.jobs.terms import hand_over_with, register_job
        from apps.platform.ui.terms import export_with

        hand_over_with(lambda job_id: tasks.do_job.delay(job_id=job_id))
        register_job(services.EXPORT)
        export_with(services.start_export)
        from apps.platform.notices.terms import register_topic

        register_topic("job-failed", "Background work of mine failed", email=True)
        register_topic("export-ready", "An export of mine is ready")

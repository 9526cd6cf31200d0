"""Start-up of jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work as people see it."""

    name = "apps.platform.jobs"

    def ready(self) -> None:
        from apps.platform.jobs import screens, services, tasks  # noqa: F401  (registers the list)
        from apps.platform.jobs.hooks import JOB_KINDS, JOB_WORKER
        from apps.platform.ui.hooks import EXPORTER

        JOB_WORKER.register(lambda job_id: tasks.do_job.delay(job_id=job_id))
        JOB_KINDS.register(services.EXPORT)
        EXPORTER.register(services.start_export)
        from apps.platform.notifications.hooks import TOPICS, Topic

        TOPICS.register(Topic("job-failed", "Background work of mine failed", email=True))
        TOPICS.register(Topic("queue-late", "A queue of background work waits too long", True))
        TOPICS.register(Topic("export-ready", "An export of mine is ready"))

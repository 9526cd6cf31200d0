"""Start-up of jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work as people see it."""

    name = "apps.jobs"

    def ready(self) -> None:
        from apps.jobs import screens  # noqa: F401  (registers the list)
        from apps.notices.terms import register_topic

        register_topic("job-failed", "Background work of mine failed", email=True)
        register_topic("export-ready", "An export of mine is ready")

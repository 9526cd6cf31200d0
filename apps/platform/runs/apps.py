"""Start-up of runs: listen for new dataset versions and parameter values."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Runs of calculations."""

    name = "apps.platform.runs"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.jobs.hooks import JOB_KINDS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.parameters.hooks import VALUE_WATCHERS
        from apps.platform.runs import screens, selectors, services, tasks  # noqa: F401  (registers screens)
        from apps.platform.runs.hooks import RUN_WORKER
        from apps.platform.uploads.hooks import DATASET_WATCHERS, OUTDATED, TOUCHED

        selectors.number_sources()  # refuses to start where a declared source is missing
        JOB_KINDS.register(tasks.COMPUTE_RUN)
        TOPICS.register(Topic("run-waits", "A sealed run waits for me to publish it", email=True))
        TOPICS.register(Topic("run-ended", "A run I asked for was published or failed"))
        RUN_WORKER.register(tasks.queue_run)
        DATASET_WATCHERS.register(services.dataset_changed)
        TOUCHED.register(selectors.published_days_touched)
        OUTDATED.register(selectors.outdated_page)
        VALUE_WATCHERS.register(services.parameter_changed)

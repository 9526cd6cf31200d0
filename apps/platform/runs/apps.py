"""Start-up of runs: listen for new dataset versions and parameter values."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Runs of calculations."""

    name = "apps.platform.runs"
    numbers_from = ("selectors", "services")

    def ready(self) -> None:
        from apps.platform.jobs.terms import register_job
        from apps.platform.notices.terms import register_topic
        from apps.platform.parameters import terms as parameter_terms
        from apps.platform.runs import screens, selectors, services, tasks  # noqa: F401  (registers screens)
        from apps.platform.runs import terms as run_terms
        from apps.platform.uploads import terms as upload_terms

        register_job(tasks.COMPUTE_RUN)
        register_topic("run-waits", "A sealed run waits for me to publish it", email=True)
        register_topic("run-ended", "A run I asked for was published or failed")
        run_terms.queue_with(tasks.queue_run)
        selectors.number_sources()  # refuses to start where a declared source is missing
        upload_terms.watch(services.dataset_changed)
        upload_terms.tell_touched(selectors.published_days_touched)
        parameter_terms.watch(services.parameter_changed)

"""Start-up of runs: listen for new dataset versions and parameter values."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Runs of calculations."""

    name = "apps.runs"

    def ready(self) -> None:
        from apps.parameters import terms as parameter_terms
        from apps.runs import screens, services, tasks  # noqa: F401  (registers the screens)
        from apps.runs import terms as run_terms
        from apps.uploads import terms as upload_terms

        run_terms.queue_with(lambda run_id: tasks.compute_run.delay(run_id=run_id))
        upload_terms.watch(services.dataset_changed)
        parameter_terms.watch(services.parameter_changed)

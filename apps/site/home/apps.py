"""Start-up of home."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home pages, health, reference data and demo."""

    name = "apps.site.home"

    def ready(self) -> None:
        from apps.platform.jobs.terms import register_job
        from apps.platform.ui.terms import tell_of_system
        from apps.site.home import screens, selectors, tasks  # noqa: F401  (registers the screens)

        register_job(tasks.SETTLE_DEMO)
        tell_of_system(selectors.signs_of_life)

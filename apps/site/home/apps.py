"""Start-up of home."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home pages, health, reference data and demo."""

    name = "apps.site.home"

    def ready(self) -> None:
        from apps.platform.jobs.hooks import JOB_KINDS
        from apps.platform.ui.hooks import SYSTEM_FACTS
        from apps.site.home import screens, selectors, tasks  # noqa: F401  (registers the screens)

        SYSTEM_FACTS.register(selectors.signs_of_life)
        JOB_KINDS.register(tasks.SETTLE_DEMO)

"""Start-up of uploads."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Uploads and the dataset versions they become."""

    name = "apps.platform.uploads"

    def ready(self) -> None:
        from apps.platform.jobs.hooks import JOB_KINDS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.uploads import screens, tasks  # noqa: F401  (the screens)
        from apps.platform.uploads.hooks import CHECKS_OF_ALL_KINDS
        from apps.platform.uploads.services.blanked import BLANKED_CHECK, ZERO_CHECK
        from apps.platform.uploads.services.years import YEARS_CHECK

        CHECKS_OF_ALL_KINDS.register(BLANKED_CHECK)
        CHECKS_OF_ALL_KINDS.register(ZERO_CHECK)
        CHECKS_OF_ALL_KINDS.register(YEARS_CHECK)
        JOB_KINDS.register(tasks.READ_UPLOAD)
        TOPICS.register(Topic("file-waits", "A file waits for me to confirm it", email=True))
        TOPICS.register(Topic("file-decided", "A file of mine was read, confirmed or withdrawn"))

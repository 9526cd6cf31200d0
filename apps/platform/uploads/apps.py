"""Start-up of uploads."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Uploads and the dataset versions they become."""

    name = "apps.platform.uploads"

    def ready(self) -> None:
        from apps.platform.jobs.hooks import JOB_KINDS
        from apps.platform.notifications.hooks import TOPICS, Topic
        from apps.platform.uploads import screens, tasks  # noqa: F401  (the screens)

        JOB_KINDS.register(tasks.READ_UPLOAD)
        TOPICS.register(Topic("file-waits", "A file waits for me to confirm it", email=True))
        TOPICS.register(Topic("file-decided", "A file of mine was read, confirmed or withdrawn"))

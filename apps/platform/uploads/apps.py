"""Start-up of uploads."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Uploads and the dataset versions they become."""

    name = "apps.platform.uploads"

    def ready(self) -> None:
        from apps.platform.jobs.terms import register_job
        from apps.platform.notices.terms import register_topic
        from apps.platform.uploads import screens, tasks  # noqa: F401  (registers the screens)

        register_job(tasks.READ_UPLOAD)
        register_topic("file-waits", "A file waits for me to confirm it", email=True)
        register_topic("file-decided", "A file of mine was read, confirmed or withdrawn")

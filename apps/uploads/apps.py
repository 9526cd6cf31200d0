"""Start-up of uploads."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Uploads and the dataset versions they become."""

    name = "apps.uploads"

    def ready(self) -> None:
        from apps.uploads import screens  # noqa: F401  (registers the screens)

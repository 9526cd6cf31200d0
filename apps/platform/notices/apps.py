"""Start-up of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Inbox, mail and calendar."""

    name = "apps.platform.notices"

    def ready(self) -> None:
        from apps.platform.notices import screens, selectors  # noqa: F401  (registers the inbox)
        from apps.platform.ui.hooks import FRAME_COUNTS

        FRAME_COUNTS.register(selectors.unread, key="unread")

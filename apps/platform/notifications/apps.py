"""Start-up of notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Inbox, mail and calendar."""

    name = "apps.platform.notifications"

    def ready(self) -> None:
        from apps.platform.notifications import screens, selectors  # noqa: F401  (registers the inbox)
        from apps.platform.ui.hooks import FRAME_COUNTS

        FRAME_COUNTS.register(selectors.unread, key="unread")

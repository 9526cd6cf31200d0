"""Start-up of retirements."""

from django.apps import AppConfig


class RetirementsConfig(AppConfig):
    """Notices of retirement and mothball, and what becomes of them."""

    name = "apps.reliability.retirements"

    def ready(self) -> None:
        from apps.platform.core.calculator import CALCULATORS
        from apps.platform.notifications.hooks import DEADLINES, TOPICS, Topic
        from apps.reliability.retirements import screens, selectors  # noqa: F401
        from apps.reliability.retirements.rules import RETIREMENT_NOTICE

        CALCULATORS.register(RETIREMENT_NOTICE)
        TOPICS.register(Topic("retirement", "Notices of retirement and affidavits"))
        TOPICS.register(Topic("referral", "Referrals to market monitoring"))
        TOPICS.register(Topic("daily-briefing", "Daily briefing of retirements", email=True))
        DEADLINES.register(selectors.requested_dates)
